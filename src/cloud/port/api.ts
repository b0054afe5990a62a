import type { LogRecord } from "../../engine/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import type { State } from "../../state/index.ts";
import type { Batch, BatchAnswers } from "./batch.ts";
import type { CallOptions } from "./call.ts";
import type { FlowRunInfo, TaskRunInfo } from "./flow-run-info.ts";
import type { CachedStatesQuery, ChildRun, ChildrenQuery, HeldFlowState, HeldState } from "./held-state.ts";
import type { Prefect3Api } from "./prefect3.ts";
import type {
  FlowQuery,
  FlowRegistration,
  FlowRunRequest,
  Project,
  RegisteredFlow,
  RunnableFlow,
} from "./registration.ts";

/**
 * The client port: what flow-runner asks of an API, whatever dialect it speaks. Whatever happens often takes a list.
 *
 * Errors, unless a method says otherwise: `API_UNREACHABLE` when the outage budget is used up, `API_UNAUTHORIZED`,
 * `API_REJECTED` (HTTP 4xx), `API_REFUSED` (the API says no), `API_ANSWER_MALFORMED`, `API_OPERATION_MISSING` (its
 * dialect has nothing for it), `STATE_TYPE_UNKNOWN` and `STATE_MALFORMED` where it tells states.
 */
export interface Api {
  /** Its address, for messages. */
  readonly address: string;

  /** Everything a container needs to know at its start, in one request. @throws `FLOW_RUN_NOT_FOUND` too */
  flowRunInfo(flowRunId: string, options?: CallOptions): Promise<FlowRunInfo>;
  /**
   * The task run of each task that the flow was found to have, once it is loaded.
   *
   * @throws FlowRunnerError `TASKS_DIFFER`, where the API knows the flow's tasks and has not all of them
   */
  taskRunsOf(info: FlowRunInfo, graph: FlowGraph): readonly TaskRunInfo[];
  /** The state a flow run has. @throws `FLOW_RUN_NOT_FOUND` too */
  flowRunState(flowRunId: string, options?: CallOptions): Promise<HeldFlowState>;
  /** The states task runs have; those that the API does not know are left out. */
  taskRunStates(taskRunIds: readonly string[], options?: CallOptions): Promise<ReadonlyMap<string, HeldState>>;
  /** The children of a mapped task that exist already, within `first` … `first + count - 1`. */
  taskRunChildren(query: ChildrenQuery, options?: CallOptions): Promise<readonly ChildRun[]>;
  /** For each query: results of earlier runs that may be used again, newest first (Prefect 1.x: at most 100). */
  cachedStates(queries: readonly CachedStatesQuery[], options?: CallOptions): Promise<readonly (readonly State[])[]>;

  /**
   * Creates task runs and sets states, in as few requests as it can. It does not throw: every item has an answer of
   * its own, in the order of the batch, and an item that was stored is accepted even when the answer was lost.
   */
  submit(batch: Batch, options?: CallOptions): Promise<BatchAnswers>;

  /** What only an API of Prefect 3 has; left out: it is none. */
  readonly prefect3?: Prefect3Api;

  heartbeat(flowRunId: string, options?: HeartbeatOptions): Promise<void>;
  /** Resolves with the records that the API does not want, when it has taken others; else it took all or throws. */
  writeLogs(flowRunId: string, records: readonly LogRecord[], options?: CallOptions): Promise<readonly UnwantedLog[]>;

  /** Undefined: there is no secret of that name. */
  secretValue(name: string, options?: CallOptions): Promise<unknown>;
  setSecret(name: string, value: unknown): Promise<void>;
  /** Whether there was a secret of that name. */
  deleteSecret(name: string): Promise<boolean>;
  secretNames(): Promise<readonly string[]>;

  projectByName(name: string): Promise<Project | null>;
  /** The project of that name, which is made when there is none. */
  createProject(name: string, description?: string): Promise<Project>;
  registerFlow(registration: FlowRegistration): Promise<RegisteredFlow>;
  /** What a run of a flow may be given: of a flow by its id, or by its name as `flowByName`; null: there is none. */
  runnableFlow(flow: FlowQuery): Promise<RunnableFlow | null>;
  /** Of the flows that are not archived, each once. */
  flowNames(project: string | null): Promise<readonly string[]>;
  /** The newest version that is not archived. */
  flowByName(query: { name: string; project: string | null }): Promise<RegisteredFlow | null>;
  /** Resolves with the flow run's id. */
  createFlowRun(request: FlowRunRequest): Promise<string>;
  /** Running becomes Cancelling, anything that has not started Cancelled. */
  cancelFlowRun(flowRunId: string): Promise<void>;

  /** Closes the kept connections. */
  close(): void;
}

export interface HeartbeatOptions extends CallOptions {
  /** The task runs that are Running. Prefect 0.7's API watches each of them as well. */
  readonly taskRunIds?: readonly string[];
}

/** A record that the API will not take, now or later, and what it said. */
export interface UnwantedLog {
  readonly record: LogRecord;
  readonly reason: string;
}
