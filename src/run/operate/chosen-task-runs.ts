import type { FlowRunRow, LogLine, TaskRunRow } from "../../cloud/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { meantBy } from "../../errors/meant-by.ts";

/**
 * The task runs that a person names: by the task's name or its slug, with `[3]` for one child of a mapped task; without
 * an index a mapped task and all its children.
 *
 * @throws FlowRunnerError `TASK_RUN_NOT_IN_RUN`, which names the task that may have been meant
 */
export function chosenTaskRuns(
  runs: readonly TaskRunRow[],
  run: Pick<FlowRunRow, "name">,
  wanted: string,
): readonly TaskRunRow[] {
  const [, name = wanted, index] = /^(.*?)(?:\[(\d+)\])?$/s.exec(wanted) ?? [];
  const ofTask = runs.filter(({ task }) => task.name === name || task.slug === name);
  const chosen = index === undefined ? ofTask : ofTask.filter(({ mapIndex }) => mapIndex === Number(index));
  if (chosen.length > 0) return chosen;
  const tasks = [...new Set(runs.map(({ task }) => task.name))];
  const meant = ofTask.length > 0 ? name : meantBy(name, tasks);
  throw new FlowRunnerError("TASK_RUN_NOT_IN_RUN", { task: wanted, run: run.name, tasks, meant });
}

/** Tells the log lines of chosen task runs; with the task run of a mapped task also those of children to come. */
export function isOfAny(chosen: readonly TaskRunRow[]): (line: LogLine) => boolean {
  const ids = new Set(chosen.map(({ id }) => id));
  const whole = new Set(chosen.filter(({ mapIndex }) => mapIndex === null).map(({ task }) => task.name));
  return ({ task }) => task !== null && (ids.has(task.runId) || whole.has(task.name));
}
