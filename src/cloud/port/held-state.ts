import type { State } from "../../state/index.ts";

/** A state that the API holds, and the run's version with it. */
export interface HeldState {
  readonly state: State;
  readonly version: number;
}

export interface HeldFlowState extends HeldState {
  /** As in `FlowRunInfo`. */
  readonly heartbeat: number | null | undefined;
  readonly apiTime?: number | null;
}

/** Which children of a mapped task: those of `first` … `first + count - 1`. */
export interface ChildrenQuery {
  readonly flowRunId: string;
  readonly taskId: string;
  readonly first: number;
  readonly count: number;
}

export interface ChildRun extends HeldState {
  readonly id: string;
  readonly mapIndex: number;
}

export interface CachedStatesQuery {
  readonly taskId: string;
  /** With a key, results of any task with that key count; without one, those of this task. */
  readonly cacheKey: string | null;
  /** Epoch milliseconds. */
  readonly newerThan: number;
}
