import { FlowRunnerError } from "../../errors/index.ts";
import type { TaskResult } from "../inputs/reference.ts";
import { unknownOption } from "../unknown-option.ts";

/** What may be said at one call of a task. */
export interface CallOptions {
  /** Tasks to wait for without taking their results. */
  readonly after?: TaskResult<unknown> | readonly TaskResult<unknown>[];
}

const callOptionNames: Readonly<Record<keyof CallOptions, true>> = { after: true };

export function applyCallOptions<T>(task: string, result: TaskResult<T>, options: CallOptions): TaskResult<T> {
  const unknown = unknownOption(options, callOptionNames);
  if (unknown !== null) {
    throw new FlowRunnerError("TASK_OPTION_INVALID", { task, option: unknown.name, problem: unknown.problem });
  }
  const { after } = options;
  if (after === undefined) return result;
  return result.after(...(Array.isArray(after) ? after : [after]));
}
