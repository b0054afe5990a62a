import type { ArtifactChange, ArtifactForm } from "./run-artifacts.ts";
import type { WantedSlots } from "./run-limits.ts";

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
  | { readonly kind: "updateArtifact"; readonly id: string; readonly change: ArtifactChange }
  /** Answered by a `PauseOver`, once the run is resumed or left. */
  | {
      readonly kind: "pause";
      readonly key: string;
      /** The process is to end meanwhile. */
      readonly suspend: boolean;
      /** Milliseconds; null: none. */
      readonly timeout: number | null;
      /** Milliseconds. */
      readonly pollInterval: number;
      readonly input: PauseForm | null;
    }
  /** Answered by a `DeploymentFlowRun`, once it is over or waited for long enough. */
  | {
      readonly kind: "runDeployment";
      readonly deployment: string;
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly tags: readonly string[];
      readonly idempotencyKey: string | null;
      readonly jobVariables: Readonly<Record<string, unknown>> | null;
      readonly workQueue: string | null;
      /** Epoch milliseconds. */
      readonly scheduledTime: number;
      readonly flowRunName: string | null;
      readonly asSubflow: boolean;
      /** Which of the task run's calls it is, the same whenever the body runs. */
      readonly call: string;
      /** Milliseconds; null: for ever. */
      readonly timeout: number | null;
      /** Milliseconds. */
      readonly pollInterval: number;
    }
  /** Answered by null, once they are taken, or there is no such limit. */
  | { readonly kind: "takeSlots"; readonly wanted: WantedSlots }
  /** Those that are still waited for are not any more. Answered by null. */
  | { readonly kind: "giveBackSlots"; readonly id: string };

/** What who resumes a run is asked for. */
export interface PauseForm {
  /** JSON Schema of an object. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Markdown. */
  readonly description: string | null;
}

/** Resumed, with what was given; or the process leaves the run, and the body is to end. */
export type PauseOver = { readonly kind: "resumed"; readonly input?: unknown } | { readonly kind: "leaving" };

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
