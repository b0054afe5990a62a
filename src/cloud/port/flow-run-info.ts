import type { FlowRunnerError } from "../../errors/index.ts";
import type { State } from "../../state/index.ts";
import type { Project } from "./registration.ts";

/** A flow run as a container finds it at its start. */
export interface FlowRunInfo {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly state: State;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly scheduledStartTime: number | null;
  /** When a container last said that it is alive, epoch milliseconds by the API's clock; undefined: the API does not tell. */
  readonly heartbeat: number | null | undefined;
  /** What the API's clock said when it told this, epoch milliseconds, to the second; null or left out: it does not tell. */
  readonly apiTime?: number | null;
  readonly flow: FlowInfo;
  /**
   * One for each task that is registered with the API, with a state that can be read; children of mapped tasks are not
   * among them. `Api.taskRunsOf` has those of all tasks.
   */
  readonly taskRuns: readonly TaskRunInfo[];
  /**
   * Slugs of the tasks that the run has come to, where the API knows no others (Prefect 3, which has `taskRuns` empty); left
   * out: it knows all of the flow's tasks.
   */
  readonly reached?: readonly string[];
  /** Why the states of others cannot be read (`STATE_TYPE_UNKNOWN`, `STATE_MALFORMED`): the run cannot go on. */
  readonly unreadable: readonly FlowRunnerError[];
}

/** Its flow, as it was registered. */
export interface FlowInfo {
  readonly id: string;
  readonly name: string;
  readonly project: Project | null;
  /** As registered: `{ type: "Docker", flows: { name: path }, … }`. */
  readonly storage: unknown;
  readonly environment: unknown;
  readonly runConfig: unknown;
  /** `heartbeat_enabled` and the like. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** One task run of it, at the version that a state must name to be taken. */
export interface TaskRunInfo {
  readonly id: string;
  readonly taskId: string;
  readonly slug: string;
  readonly version: number;
  readonly state: State;
}
