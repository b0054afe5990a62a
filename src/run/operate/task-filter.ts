import { closestMatch } from "leven";
import type { FlowRunRow, LogLine, RunsApi } from "../../cloud/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";

/**
 * Tells the log lines of a task, named as a person names it: by its name or its slug, with `[3]` for one of its children.
 *
 * @throws FlowRunnerError `TASK_RUN_NOT_IN_RUN`
 */
export async function taskFilter(api: RunsApi, run: FlowRunRow, wanted: string): Promise<(line: LogLine) => boolean> {
  const [, name = wanted, index] = /^(.*?)(?:\[(\d+)\])?$/s.exec(wanted) ?? [];
  const mapIndex = index === undefined ? null : Number(index);
  const runs = await api.taskRuns(run.id);
  const ofTask = runs.filter(({ task }) => task.name === name || task.slug === name);
  const chosen = mapIndex === null ? ofTask : ofTask.filter((each) => each.mapIndex === mapIndex);
  if (chosen.length === 0) {
    const tasks = [...new Set(runs.map(({ task }) => task.name))];
    const meant = ofTask.length > 0 ? name : closestMatch(name, tasks, { maxDistance: Math.ceil(name.length / 3) });
    throw new FlowRunnerError("TASK_RUN_NOT_IN_RUN", { task: wanted, run: run.name, tasks, meant });
  }
  const ids = new Set(chosen.map(({ id }) => id));
  // A child may begin while its log is followed.
  const tasks = new Set(mapIndex === null ? ofTask.map(({ task }) => task.name) : []);
  return ({ task }) => task !== null && (ids.has(task.runId) || tasks.has(task.name));
}
