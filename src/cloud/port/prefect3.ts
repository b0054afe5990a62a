import type { Ack } from "../../engine/index.ts";
import type { ArtifactChange, ArtifactForm, RunQuestion, VariableFound, WantedSlots } from "../../flow/index.ts";
import type { CallOptions } from "./call.ts";
import type { TaskRunInfo } from "./flow-run-info.ts";
import type { PausesApi } from "./pauses.ts";
import type { SubflowsApi } from "./subflows.ts";

/** The part of the client port that only an API of Prefect 3 has; errors as of `Api`. */
export interface Prefect3Api extends PausesApi, SubflowsApi {
  /**
   * Calls `changed` soon after somebody may have said that the flow run is not to go on, or that it is to go on again (its
   * state says whether), until `signal` aborts. It never fails: without a subscription it asks to look often.
   */
  watch(flowRunId: string, options: WatchOptions): void;
  /** A flow run that `flowRunInfo` was asked for is begun once more: its task runs, as an attempt that goes on finds them. */
  startOver(flowRunId: string): readonly TaskRunInfo[];
  /**
   * What has come to an end of a flow run that `flowRunInfo` was asked for stays as it is, in the other dialects' way: a part of
   * it goes on alone. Else what is no result that was kept runs again.
   */
  keepFinished(flowRunId: string): void;
  /** The state that the flow run has entered last by our word; null: none yet. */
  readonly toldFlowState: ToldFlowState | null;
  /** Resolves with its id. */
  createArtifact(artifact: NewArtifact, options?: CallOptions): Promise<string>;
  /** @throws `RUN_ARTIFACT_INVALID` too */
  updateArtifact(id: string, change: ArtifactChange, options?: CallOptions): Promise<void>;
  /** Null: there is none of that name. */
  variable(name: string, options?: CallOptions): Promise<VariableFound | null>;
  /** @throws `VARIABLE_EXISTS` too */
  setVariable(change: VariableChange, options?: CallOptions): Promise<void>;
  /**
   * Takes the slots of the concurrency limits that a task run counts against, by its tags, before it is Running; they are
   * given back when it is not any more. Null: it may run; else the answer to its Running.
   */
  takeSlots(taskRunId: string, options?: CallOptions): Promise<Ack | null>;
  /**
   * Waits for slots of global limits that a task's body wants; false: there is no such limit. They are given back at the
   * end of the attempt at the latest.
   *
   * @throws `CONCURRENCY_TIMEOUT` and `CONCURRENCY_WAIT_OVER` too
   */
  takeBodySlots(wanted: WantedSlots, taskRunId: string): Promise<boolean>;
  /** Resolves once they are given back; a wait for them ends. It does not throw. */
  giveBackBodySlots(id: string): Promise<void>;
  /** Aborts, with the reason, when the flow run's slot of its deployment's concurrency limit may be another run's. */
  readonly slotLost: AbortSignal;
}

/** An artifact as it is made: what its author says, and whose it is. */
export interface NewArtifact extends ArtifactForm {
  readonly flowRunId: string;
  /** Null: it is the flow run's. */
  readonly taskRunId: string | null;
}

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** Whether the flow run is paused: only then it is news that it is Running. */
  isPaused(): boolean;
  changed(): void;
}

/** A variable as it is to be, as the flow's code asks for it. */
export type VariableChange = Omit<Extract<RunQuestion, { kind: "setVariable" }>, "kind">;

/** A state as the API has stored it. */
export interface ToldFlowState {
  readonly id: string;
  readonly type: string;
  readonly name: string;
}
