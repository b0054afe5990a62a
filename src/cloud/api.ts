import type { Ack, LogRecord } from "../engine/index.ts";
import type { FlowRunnerError } from "../errors/index.ts";
import type { ArtifactChange, ArtifactForm, RunQuestion, VariableFound, WantedSlots } from "../flow/index.ts";
import type { FlowGraph, ParameterSpec } from "../graph/index.ts";
import type { State } from "../state/index.ts";
import type { CallOptions } from "./call-options.ts";
import type { PausesApi } from "./prefect3/pauses/pause.ts";
import type { SubflowsApi } from "./prefect3/subflows/deployment-run.ts";

export type { CallOptions } from "./call-options.ts";

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
  /** The newest version that is not archived. */
  flowByName(query: { name: string; project: string | null }): Promise<RegisteredFlow | null>;
  /** Resolves with the flow run's id. */
  createFlowRun(request: FlowRunRequest): Promise<string>;
  /** Running becomes Cancelling, anything that has not started Cancelled. */
  cancelFlowRun(flowRunId: string): Promise<void>;

  /** Closes the kept connections. */
  close(): void;
}

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

export type VariableChange = Omit<Extract<RunQuestion, { kind: "setVariable" }>, "kind">;

/** A state as the API has stored it. */
export interface ToldFlowState {
  readonly id: string;
  readonly type: string;
  readonly name: string;
}

export interface HeartbeatOptions extends CallOptions {
  /** The task runs that are Running. Prefect 0.7's API watches each of them as well. */
  readonly taskRunIds?: readonly string[];
}

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

export interface TaskRunInfo {
  readonly id: string;
  readonly taskId: string;
  readonly slug: string;
  readonly version: number;
  readonly state: State;
}

export interface HeldState {
  readonly state: State;
  readonly version: number;
}

export interface HeldFlowState extends HeldState {
  /** As in `FlowRunInfo`. */
  readonly heartbeat: number | null | undefined;
  readonly apiTime?: number | null;
}

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

export interface Batch {
  readonly flowRunId: string;
  /** Task runs to find or create. */
  readonly creations: readonly Creation[];
  /** In order; states of one run are set one after the other. */
  readonly taskStates: readonly TaskStateItem[];
  /** Set after the task states. */
  readonly flowStates: readonly FlowStateItem[];
}

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

export interface BatchAnswers {
  readonly creations: readonly CreationAnswer[];
  readonly taskStates: readonly Ack[];
  readonly flowStates: readonly Ack[];
}

export type CreationAnswer =
  | { readonly status: "created"; readonly run: ChildRun }
  | { readonly status: "refused" | "undelivered"; readonly reason: string };

export interface UnwantedLog {
  readonly record: LogRecord;
  readonly reason: string;
}

export interface Project {
  readonly id: string;
  readonly name: string;
}

export interface FlowRegistration {
  readonly projectId: string;
  /** Prefect's serialized flow, with `tasks` and `edges`. */
  readonly serializedFlow: Readonly<Record<string, unknown>>;
  /** Flows of one group are versions of each other; default: the API decides by name and project. */
  readonly versionGroupId?: string;
  /** A second registration with the same key changes nothing and gives the first one's flow. */
  readonly idempotencyKey?: string;
  readonly setScheduleActive?: boolean;
}

export interface RegisteredFlow {
  readonly id: string;
  readonly name: string;
  readonly version: number | null;
  readonly versionGroupId: string | null;
}

export type FlowQuery = { readonly id: string } | { readonly name: string; readonly project: string | null };

/** A registered flow and its parameters, in whichever language it is. */
export interface RunnableFlow {
  readonly id: string;
  readonly name: string;
  /** Required is one that has no default, neither of the flow's own nor of its flow group's. */
  readonly parameters: readonly Pick<ParameterSpec, "name" | "required" | "schema">[];
}

export interface FlowRunRequest {
  /** The flow, or the group whose newest version is meant. */
  readonly flow: { readonly id: string } | { readonly versionGroupId: string };
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly labels?: readonly string[];
  readonly runConfig?: unknown;
  readonly name?: string;
  readonly idempotencyKey?: string;
  /** Epoch milliseconds; default: now. */
  readonly scheduledStartTime?: number;
}

/** One request to the API, once it is over. */
export interface ApiCall {
  /** What it was for: `the heartbeat`. */
  readonly operation: string;
  readonly method: string;
  /** Of the answer; null: none came. */
  readonly status: number | null;
  /** Why none came, or what the status says; null: it went well. */
  readonly problem: string | null;
  /** Epoch milliseconds. */
  readonly began: number;
  /** Milliseconds. */
  readonly took: number;
}
