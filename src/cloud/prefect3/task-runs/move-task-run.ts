import type { State } from "../../../state/index.ts";
import { isEnd3, toWire3, type WireState3 } from "../../../state/wire/index.ts";
import { withCacheDetails } from "../cache/cache-details.ts";
import type { Event3 } from "../events/event.ts";
import { taskRunEvent } from "../events/task-run-event.ts";
import type { RunBook } from "./run-book.ts";
import type { TrackedTaskRun } from "./tracked-task-run.ts";

/**
 * Takes a task run into a state, and resolves with the event that tells of it; null: Prefect 3 has none. There a mapped
 * task is nothing but its children.
 */
export function moveTaskRun(book: RunBook, run: TrackedTaskRun, state: State, now: number): Event3 | null {
  if (state.type === "Mapped") {
    // What is known under this name is the first child's.
    book.widen(run.taskKey, state.mapCount ?? 0);
    return null;
  }
  Object.assign(run, { before: run.state, state });
  if (!book.tasks.isTold(run.taskKey)) return null;
  const to = wireOf(book, run, run.before, state);
  const time = laterThan(run.lastTime, now);
  keepTime(run, state, time, isEnd3(to) || to.type === "SCHEDULED");
  Object.assign(run, { lastTime: time, lastEvent: crypto.randomUUID() });
  return lastEventOf(book, run, to);
}

/**
 * Now, or the next time after another one that Prefect 3 tells apart from it: counted in microseconds, of which the sum of
 * two numbers may lose one. Of two states with one time it keeps the first.
 */
function laterThan(last: number, now: number): number {
  const [before, present] = [last, now].map((time) => Math.round(time * 1_000)) as [number, number];
  return Math.max(present, before + 1) / 1_000;
}

/** The event of the state that a task run has entered last, the same however often; null: it was told of none. */
export function lastEventOf(
  book: RunBook,
  run: TrackedTaskRun,
  to: WireState3 = wireOf(book, run, run.before, run.state),
): Event3 | null {
  const { before, lastEvent: id, lastTime: time } = run;
  if (id === null) return null;
  const inputs = book.inputsOf(run);
  return taskRunEvent({ names: book.names, run, from: toWire3(before), to, inputs, id, time });
}

/** The state as the API is told of it. */
export function wireOf(book: RunBook, { taskKey: slug }: TrackedTaskRun, before: State, state: State): WireState3 {
  return withCacheDetails({ slug, cacheKey: book.tasks.fixedCacheKey(slug) }, before, state, toWire3(state));
}

function keepTime(run: TrackedTaskRun, state: State, time: number, isOver: boolean): void {
  if (state.type === "Running") {
    run.runCount = Math.max(run.runCount, state.context.task_run_count ?? 1);
    run.startTime ??= time;
    run.runningSince ??= time;
    return;
  }
  // Prefect 3: to use a cached result is a run of its own, which ends at once.
  if (state.type === "Cached") {
    run.runCount = Math.max(run.runCount, 1);
    run.startTime ??= time;
  }
  if (!isOver || run.runningSince === null) return;
  run.totalRunTime += time - run.runningSince;
  run.runningSince = null;
}
