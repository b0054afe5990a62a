import type { ArtifactChange, ArtifactForm } from "./run-artifacts.ts";

/**
 * What the flow's code may ask of the side that speaks with the API: a body has neither the API's key nor a connection.
 * A new question is a new member here, with its schema in `src/host/protocol/question.ts` and its answer in
 * `src/run/questions/`.
 */
export type RunQuestion =
  /** Answered by its value. */
  | { readonly kind: "secret"; readonly name: string }
  /** Answered by a `VariableFound`, or by null: there is none of that name. */
  | { readonly kind: "variable"; readonly name: string }
  /** Answered by null, once it is stored. */
  | {
      readonly kind: "setVariable";
      readonly name: string;
      /** JSON. */
      readonly value: unknown;
      readonly tags: readonly string[];
      /** Whether it may take the place of one that is there. */
      readonly overwrite: boolean;
    }
  /** Answered by its id. */
  | { readonly kind: "createArtifact"; readonly artifact: ArtifactForm }
  /** Answered by null. */
  | { readonly kind: "updateArtifact"; readonly id: string; readonly change: ArtifactChange };

export interface VariableFound {
  /** JSON. */
  readonly value: unknown;
}

/**
 * Asks; rejects with a `FlowRunnerError` that says why there is no answer.
 *
 * @param taskRunId - whose body asks; null: nobody's in particular (a result handler), or there is no API
 */
export type AskRun = (question: RunQuestion, taskRunId: string | null) => Promise<unknown>;
