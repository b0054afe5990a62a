import type { TaskResult } from "../inputs/reference.ts";

/** What may be said at one call of a task. */
export interface CallOptions {
  /** Tasks to wait for without taking their results. */
  readonly after?: TaskResult<unknown> | readonly TaskResult<unknown>[];
}

export function applyCallOptions<T>(result: TaskResult<T>, { after }: CallOptions): TaskResult<T> {
  if (after === undefined) return result;
  return result.after(...(Array.isArray(after) ? after : [after]));
}
