import type { LogLevel } from "../../engine/index.ts";
import type { State, StateType } from "../../state/index.ts";
import type { Api } from "./api.ts";
import type { HeldState } from "./held-state.ts";

/** What a person asks of an API about flow runs, and has done to them. Errors: those of `Api`. */
export interface RunsApi
  extends Pick<
    Api,
    | "address"
    | "secretValue"
    | "flowRunInfo"
    | "taskRunsOf"
    | "flowRunState"
    | "submit"
    | "cancelFlowRun"
    | "prefect3"
    | "close"
  > {
  /** Newest first. */
  flowRuns(query: FlowRunsQuery): Promise<readonly FlowRunRow[]>;
  /** All of a flow run, children of mapped tasks too. */
  taskRuns(flowRunId: string): Promise<readonly TaskRunRow[]>;
  /** The same, with its flow as a graph of the tasks' ids. With Prefect 3, of the tasks that the run has come to. */
  taskGraph(run: Pick<FlowRunRow, "id" | "flow">): Promise<TaskGraph>;
  /** Oldest first. */
  logLines(flowRunId: string, query?: LogLinesQuery): Promise<readonly LogLine[]>;
}

export interface FlowRunsQuery {
  readonly id?: string;
  /** The run's own name. */
  readonly name?: string;
  /** With Prefect 3 also `flow/deployment`. */
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
  /** A run of Prefect 3 that is of no deployment: no worker starts it, whatever state it has. */
  readonly unstartable?: true;
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
  /** Prefect 3: it has succeeded, and runs again with its flow run all the same, since its result was not persisted. */
  readonly unpersisted?: true;
  /** These, epoch milliseconds. */
  readonly started: number | null;
  readonly ended: number | null;
}

export interface TaskGraph {
  readonly taskRuns: readonly TaskRunRow[];
  readonly edges: readonly EdgeRow[];
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
