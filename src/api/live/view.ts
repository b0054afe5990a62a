import type { StateType } from "../../state/index.ts";

/**
 * What the web page is told, as JSON, and may ask for. Times are epoch milliseconds by the API's clock.
 *
 * | request | answer |
 * | --- | --- |
 * | `GET /page/runs?state=…&flow=…&limit=…` | a stream of `runs` events, each a whole `RunsView` |
 * | `GET /page/runs/ID` | a stream: `snapshot` (`RunSnapshot`), then `changes` (`RunChanges`); `gone` when there is no such run |
 * | `GET /page/runs/ID/logs?before=N` | `LogPage`: the lines before line N |
 * | `GET /page/task-runs/ID` | `TaskRunDetail` |
 * | `GET /page/task-runs?id=…&id=…` | `StateTimes` of so many task runs, at the most `mostStateTimes` |
 * | `GET /page/flows` | `RunnableFlow[]` |
 * | `POST /page/runs` | starts a run: `StartRequest`, answered by `Started` |
 * | `POST /page/runs/ID/cancel`, `…/retry` | `Changed` |
 *
 * Streams are server-sent events. Those of a run carry an id: who comes back with it in `Last-Event-ID` is told what has
 * changed since, or everything where that cannot be known any more. Requests that change something are JSON and carry
 * the header `X-Flow-Runner: page`. What is refused comes as `{ "error": "…" }`.
 */
export interface RunsView {
  readonly runs: readonly RunRow[];
  /** There are more than were asked for. */
  readonly more: boolean;
  /** The names of all flows. */
  readonly flows: readonly string[];
  readonly now: number;
}

/** As many runs at the most are listed at once. */
export const mostRuns = 1_000;

export interface RunRow {
  readonly id: string;
  readonly name: string;
  readonly flow: string;
  readonly project: string;
  readonly state: StateType | null;
  readonly message: string | null;
  readonly scheduled: number;
  readonly started: number | null;
  readonly ended: number | null;
}

export interface RunSnapshot {
  readonly run: RunDetail;
  readonly tasks: readonly TaskView[];
  readonly edges: readonly EdgeView[];
  readonly taskRuns: readonly TaskRunView[];
  readonly logs: LogPage;
  readonly now: number;
}

/** What has come since the last event. */
export interface RunChanges {
  readonly run: RunDetail;
  readonly taskRuns: readonly TaskRunView[];
  readonly logs: readonly LogView[];
  readonly now: number;
}

export interface RunDetail extends RunRow {
  readonly flowId: string;
  readonly flowVersion: number;
  /** Its flow has a newer version, and cannot be run any more. */
  readonly archived: boolean;
  readonly labels: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly states: readonly StateView[];
}

export interface StateView {
  readonly state: StateType;
  readonly time: number;
  readonly message: string | null;
}

/** When task runs came into which states, by the ids of the task runs. */
export type StateTimes = Readonly<Record<string, readonly StateTime[]>>;
export type StateTime = Pick<StateView, "state" | "time">;

export const mostStateTimes = 100;

export interface TaskView {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly mapped: boolean;
}

export interface EdgeView {
  readonly from: string;
  readonly to: string;
  readonly key: string | null;
  readonly mapped: boolean;
}

export interface TaskRunView {
  readonly id: string;
  readonly task: string;
  /** -1: no child of a mapped task. */
  readonly index: number;
  /** A name of its own, beside that of its task. */
  readonly name: string | null;
  readonly state: StateType;
  readonly started: number | null;
  readonly ended: number | null;
}

export interface TaskRunDetail extends TaskRunView {
  readonly taskName: string;
  readonly slug: string;
  readonly message: string | null;
  readonly attempts: number;
  readonly states: readonly StateView[];
  /** Where its result was persisted. */
  readonly result: ResultView | null;
  readonly logs: LogPage;
}

export interface ResultView {
  /** `S3ResultHandler` */
  readonly handler: string;
  /** What the handler was made with, such as its bucket. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly location: string;
}

export interface LogPage {
  readonly lines: readonly LogView[];
  /** There are lines before these. */
  readonly more: boolean;
}

export interface LogView {
  /** Counts up as lines are written. */
  readonly at: number;
  readonly taskRun: string | null;
  readonly time: number;
  readonly level: string;
  readonly message: string;
}

export interface RunnableFlow {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly version: number;
  readonly parameters: readonly ParameterView[];
}

export interface ParameterView {
  readonly name: string;
  readonly required: boolean;
  readonly default: unknown;
}

export interface StartRequest {
  readonly flowId: string;
  readonly name: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Started {
  readonly id: string;
}

export interface Changed {
  /** What has become of it, as a sentence. */
  readonly message: string;
}
