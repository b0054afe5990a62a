import type { State } from "../../../state/index.ts";

interface PausedTask {
  readonly slug: string;
  readonly mapIndex: number | null;
  /** Paused, in an attempt and an iteration that it tells. */
  readonly state: State;
}

/**
 * The key under which a flow run is suspended because some of its tasks are Paused (`signals.pause`, `manual_only`): it
 * names them. That the API has suspended the run under it and let it run again is what says that somebody has resumed
 * them, and not that a process has died.
 */
export const pausedTasksKey = (tasks: readonly PausedTask[]): string => tasks.map(keyOf).sort().join(separator);

/** Whether this pause of a task is among those that a flow run's pauses were for. */
export const isResumed = (task: PausedTask, pauseKeys: readonly string[]): boolean =>
  pauseKeys.some((key) => key.split(separator).includes(keyOf(task)));

/** None that `encodeURIComponent` leaves as it is. */
const separator = ",";

function keyOf({ slug, mapIndex, state: { context } }: PausedTask): string {
  const attempt = `${context.task_run_count ?? 1}.${context._loop_count ?? 1}`;
  return `${encodeURIComponent(slug)}@${mapIndex ?? ""}@${attempt}`;
}
