import type { Ack } from "../../engine/index.ts";
import type { State } from "../../state/index.ts";
import type { ChildRun } from "./held-state.ts";

/** What is told of one flow run at once. */
export interface Batch {
  readonly flowRunId: string;
  /** Task runs to find or create. */
  readonly creations: readonly Creation[];
  /** In order; states of one run are set one after the other. */
  readonly taskStates: readonly TaskStateItem[];
  /** Set after the task states. */
  readonly flowStates: readonly FlowStateItem[];
}

/** A child of a mapped task, which is found, or made when there is none. */
export interface Creation {
  readonly taskId: string;
  readonly mapIndex: number;
}

export interface TaskStateItem {
  readonly taskRunId: string;
  readonly state: State;
  /** The version the run must still have; null: whatever it has. */
  readonly version: number | null;
  /** The version its flow run must still have; null, the default: whatever it has. */
  readonly flowRunVersion?: number | null;
}

export interface FlowStateItem {
  readonly state: State;
  readonly version: number | null;
}

/** An answer for each item, in the order of the batch. */
export interface BatchAnswers {
  readonly creations: readonly CreationAnswer[];
  readonly taskStates: readonly Ack[];
  readonly flowStates: readonly Ack[];
}

export type CreationAnswer =
  | { readonly status: "created"; readonly run: ChildRun }
  | { readonly status: "refused" | "undelivered"; readonly reason: string };
