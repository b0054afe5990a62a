import type { LogLevel } from "../engine/index.ts";
import type { State, StateType } from "../state/index.ts";
import type { Api, HeldState } from "./api.ts";

/** What a person asks of an API about flow runs, and has done to them. Errors: those of `Api`. */
export interface RunsApi
  extends Pick<Api, "address" | "secretValue" | "flowRunInfo" | "flowRunState" | "submit" | "cancelFlowRun" | "close"> {
  /** Newest first. */
  flowRuns(query: FlowRunsQuery): Promise<readonly FlowRunRow[]>;
  /** All of a flow run, children of mapped tasks too. */
  taskRuns(flowRunId: string): Promise<readonly TaskRunRow[]>;
  /** The flow of a flow run, as a graph of the tasks' ids. */
  edges(flowId: string): Promise<readonly EdgeRow[]>;
  /** Oldest first. */
  logLines(flowRunId: string, query?: LogLinesQuery): Promise<readonly LogLine[]>;
}

export interface FlowRunsQuery {
  readonly id?: string;
  /** The run's own name. */
  readonly name?: string;
  readonly flow?: string;
  readonly project?: string;
  readonly states?: readonly StateType[];
  readonly limit: number;
}

export interface FlowRunRow {
  readonly id: string;
  readonly name: string;
  readonly flow: { readonly id: string; readonly name: string; readonly project: string | null };
  /** Null: it has had none yet. */
  readonly state: StateType | null;
  readonly message: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** These, epoch milliseconds. */
  readonly scheduled: number | null;
  readonly started: number | null;
  readonly ended: number | null;
}

export interface TaskRunRow extends HeldState {
  readonly id: string;
  readonly task: { readonly id: string; readonly name: string; readonly slug: string };
  /** Null: no child of a mapped task. */
  readonly mapIndex: number | null;
  readonly state: State;
  /** These, epoch milliseconds. */
  readonly started: number | null;
  readonly ended: number | null;
}

export interface EdgeRow {
  readonly upstream: string;
  readonly downstream: string;
  readonly mapped: boolean;
}

export interface LogLinesQuery {
  /** Only lines of this time, epoch milliseconds, and later. */
  readonly since?: number;
}

export interface LogLine {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly level: LogLevel;
  readonly name: string;
  readonly message: string;
  readonly task: { readonly runId: string; readonly name: string; readonly mapIndex: number | null } | null;
}
