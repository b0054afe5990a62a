import { isFailed, isFinished, isPending, makeState, type State, unwrap } from "../../state/index.ts";
import type { TaskRun } from "../plan/task-run.ts";

/** Longest wait inside this process; a longer one is handed back to the agent. Prefect 1.x: 10 minutes. */
export const longestWait = 10 * 60_000;

/** What to do first with a task run in the state that the store has. */
export type Entry =
  | { readonly kind: "go"; readonly runCount: number; readonly loopCount: number; readonly resume: boolean }
  | { readonly kind: "wait"; readonly until: number }
  /** Finished, running elsewhere, or paused. */
  | { readonly kind: "leave"; readonly why: string };

/** In the context of a Failed state: another attempt comes after it, unless the process dies in between. */
const retryFollows = "retry_follows";

/** A Failed state that is about to be retried, so that whoever goes on from it knows. */
export const aboutToRetry = (run: TaskRun, state: State): State => ({
  ...state,
  context: { ...state.context, task_run_count: run.runCount, [retryFollows]: true },
});

/**
 * The Failed state of a task run that a stop has cut off. Should a person have its flow run scheduled again, it goes on as
 * it would have, in the attempt and the iteration where it was.
 *
 * @param state - unwrapped
 */
export function cutOff(state: State, message: string): State {
  const { task_run_count: attempt = 1 } = state.context;
  const done = state.type === "Retrying" ? (state.runCount ?? 1) : attempt - 1;
  const context = { ...state.context, task_run_count: done, [retryFollows]: true };
  return makeState("Failed", message, { result: state.result, context });
}

/** A state that only looks like an end: another attempt or iteration comes after it. */
export const isPassing = (state: State): boolean =>
  state.type === "Looped" || (isFailed(state) && state.context[retryFollows] === true);

/**
 * The first steps of Prefect's pipeline: initialize_run, check_task_is_ready, check_task_reached_start_time.
 *
 * @param now - epoch milliseconds
 * @param takeover - the process that ran the flow run is gone: what it left Running is ours
 */
export function enter(stored: State, now: number, takeover: boolean): Entry {
  const state = unwrap(stored);
  const loopCount = state.context._loop_count ?? 1;
  const attempt = state.context.task_run_count ?? 1;
  if (state.type === "Running" && takeover) return { kind: "go", runCount: attempt, loopCount, resume: false };
  if (state.type === "Looped")
    return { kind: "go", runCount: attempt, loopCount: (state.loopCount ?? 1) + 1, resume: false };
  if (isPassing(state)) return { kind: "go", runCount: attempt + 1, loopCount, resume: false };
  if (state.type !== "Mapped" && !isPending(state)) {
    return { kind: "leave", why: isFinished(state) ? "is finished already" : `is already ${state.type.toLowerCase()}` };
  }
  const start = startOf(stored) ?? startOf(state);
  if (start === null) return { kind: "leave", why: "is paused until it is resumed" };
  if (start !== undefined && start > now) return { kind: "wait", until: start };
  return {
    kind: "go",
    runCount: state.type === "Retrying" ? (state.runCount ?? 1) + 1 : attempt,
    loopCount,
    // Prefect 1.x: a Paused run whose time has come resumes by itself.
    resume: state.type === "Resume" || state.type === "Paused",
  };
}

/**
 * A state from which `enter` goes on where the task run was: in the same attempt (Retrying: in the one after it) and, in
 * a loop, in the same iteration with the result so far. Prefect: what is scheduled carries `task_run_count`.
 */
export function comingBack(run: TaskRun, state: State): State {
  const loop = run.loopCount > 1 ? { _loop_count: run.loopCount } : {};
  return {
    ...state,
    result: run.loopCount > 1 ? run.loopResult : state.result,
    context: { ...state.context, task_run_count: run.runCount, ...loop },
  };
}

const startOf = (state: State): number | null | undefined => state.startTime;
