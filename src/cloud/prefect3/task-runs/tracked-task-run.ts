import { fromWireTime, makeState, pending, type State } from "../../../state/index.ts";
import { fromWire3 } from "../../../state/wire/index.ts";
import { isResumed } from "../../run/pauses/paused-tasks.ts";
import { keptEnd } from "./kept-states.ts";
import { mapIndexIn, type TaskRunRow } from "./task-run-row.ts";

/** What is known of a task run. In Prefect 3 that is the client's to know: the API records what it is told. */
export interface TrackedTaskRun {
  readonly id: string;
  readonly name: string;
  readonly taskKey: string;
  readonly dynamicKey: string;
  readonly tags: readonly string[];
  readonly retries: number;
  /** Seconds. */
  readonly retryDelay: number;
  /** Null: not a mapped child. */
  readonly mapIndex: number | null;
  /** The state that was told last, or that it was found in. */
  state: State;
  /** The one before it. */
  before: State;
  runCount: number;
  /** When it first ran, epoch milliseconds. */
  startTime: number | null;
  /** When the attempt that runs began. */
  runningSince: number | null;
  /** Milliseconds. */
  totalRunTime: number;
  /** Of its last event, epoch milliseconds; each is later than the one before. */
  lastTime: number;
  lastEvent: string | null;
  /** The last of its events that the API was seen to have recorded. */
  recordedEvent: string | null;
}

type Known = Pick<
  TrackedTaskRun,
  "id" | "name" | "taskKey" | "dynamicKey" | "tags" | "mapIndex" | "retries" | "retryDelay"
>;

/** How a process goes on from task runs that are recorded. */
export interface GoingOn {
  /** Of the pauses that the flow run has had. */
  readonly pauseKeys: readonly string[];
  /** What has come to an end stays as it is, also what was not persisted, or failed. */
  readonly keepsFinished: boolean;
}

/** A task run, as new or as it was recorded before. */
export function trackedTaskRun(
  known: Known,
  recorded: TaskRunRow | undefined,
  goingOn: GoingOn = { pauseKeys: [], keepsFinished: false },
): TrackedTaskRun {
  const recordedTime = fromWireTime(recorded?.state?.timestamp ?? "");
  const state = recorded === undefined ? pending("Task run created") : stateOf(recorded, known, goingOn);
  return {
    ...known,
    id: recorded?.id ?? known.id,
    state,
    before: state,
    runCount: 0,
    startTime: null,
    runningSince: null,
    totalRunTime: (recorded?.total_run_time ?? 0) * 1_000,
    lastTime: recordedTime ?? 0,
    lastEvent: null,
    recordedEvent: null,
  };
}

/** What a process that goes on from a recorded task run finds. */
function stateOf(row: TaskRunRow, { taskKey, mapIndex }: Known, { pauseKeys, keepsFinished }: GoingOn): State {
  if (row.state == null) return pending("Task run created");
  const end = keepsFinished ? keptEnd(row) : null;
  if (end !== null) return end;
  const state = fromWire3(row.state, `task run ${row.id}`);
  if (state.type === "Retrying" || state.type === "Looped") return state;
  if (state.type === "Running")
    return { ...state, context: { task_run_count: Math.max(1, row.run_count), ...state.context } };
  if (state.type === "Paused") {
    const { context, result } = state;
    return isResumed({ slug: taskKey, mapIndex, state }, pauseKeys)
      ? makeState("Resume", "Resumed with the flow run.", { context, result })
      : state;
  }
  // In the attempt, and the iteration of a loop, that it tells.
  if (state.type === "Pending") return state;
  return keptOrPending(state);
}

/** As in Prefect 3, only a result that was persisted counts as one: everything else that has come to an end runs again. */
function keptOrPending(state: State): State {
  const isKept = (state.type === "Success" || state.type === "Cached") && state.result !== null;
  return isKept || state.type === "Skipped" ? state : pending(`Was ${state.type} when the flow run was started again.`);
}

/** The flow run is begun once more: what is no result that was kept runs again, from its first attempt. */
export function beginAgain(run: TrackedTaskRun): void {
  const state = keptOrPending(run.state);
  // What was told of one that is kept is all that will be told of it.
  if (state === run.state) return;
  Object.assign(run, { state, runCount: 0, startTime: null, runningSince: null, lastEvent: null, recordedEvent: null });
}

/** One that an earlier process has told the API of. */
export const asRecorded = (row: TaskRunRow): TrackedTaskRun => ({
  ...trackedTaskRun(
    {
      id: row.id,
      name: row.name,
      taskKey: row.task_key,
      dynamicKey: row.dynamic_key,
      tags: row.tags,
      retries: 0,
      retryDelay: 0,
      mapIndex: mapIndexIn(row),
    },
    row,
  ),
  runCount: row.run_count,
  startTime: row.start_time,
});
