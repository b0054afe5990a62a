import type { EngineContext } from "../plan/engine-context.ts";
import { HandleBook } from "../plan/handle-book.ts";
import { type PlannedTask, planFlow } from "../plan/plan.ts";
import { TaskRuns } from "../plan/task-run.ts";
import { longestWait } from "../task/entry-state.ts";
import type { FlowRunOptions } from "./flow-run-options.ts";

/** Plans the flow and makes a run for each of its tasks. */
export function openContext(options: FlowRunOptions): { context: EngineContext; all: readonly TaskRuns[] } {
  const plan = planFlow(options.graph);
  const handles = new HandleBook(options.firstHandle);
  const byTask = new Map<PlannedTask, TaskRuns>();
  for (const task of plan.tasks) {
    handles.allot(1, (handle) => {
      const runs = new TaskRuns(task, handle);
      byTask.set(task, runs);
      return runs.run;
    });
  }
  const runsOf = (task: PlannedTask): TaskRuns => {
    const runs = byTask.get(task);
    if (runs === undefined) throw new TypeError(`${task.spec.slug} is not in the plan`);
    return runs;
  };
  const context = {
    ...options,
    plan,
    handles,
    runsOf,
    takeover: options.takeover ?? false,
    gate: options.gate ?? null,
    onStop: options.onStop ?? "fail",
    checkpointRule: options.checkpointRule ?? "1.x",
    longestWait: options.longestWait ?? longestWait,
  };
  return { context, all: [...byTask.values()] };
}
