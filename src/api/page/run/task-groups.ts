import type { StateType } from "../../../state/index.ts";
import type { TaskRunView, TaskView } from "../../live/view.ts";
import { countStates } from "../parts/state.tsx";
import type { RunModel } from "./run-model.ts";

/** A task with its runs: its own, and those of its children where it is mapped. */
export interface TaskGroup {
  readonly task: TaskView;
  /** The task's own run; a mapped task's is that over all children. */
  readonly own: TaskRunView | null;
  /** By index. */
  readonly children: readonly TaskRunView[];
  /** Of the children, or of the only run. */
  readonly counts: readonly (readonly [StateType, number])[];
  readonly started: number | null;
  /** Null while one of them has not ended. */
  readonly ended: number | null;
}

export function taskGroups({ tasks, taskRuns }: Pick<RunModel, "tasks" | "taskRuns">): TaskGroup[] {
  const ofTask = Map.groupBy(taskRuns.values(), ({ task }) => task);
  return tasks.map((task) => {
    const runs = ofTask.get(task.id) ?? [];
    const own = runs.find(({ index }) => index < 0) ?? null;
    const children = runs.filter(({ index }) => index >= 0).sort((a, b) => a.index - b.index);
    const concerned = children.length > 0 ? children : runs;
    const starts = concerned.flatMap(({ started }) => started ?? []);
    const ends = concerned.flatMap(({ ended }) => ended ?? []);
    return {
      ...{ task, own, children, counts: countStates(concerned.map(({ state }) => state)) },
      started: starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b)),
      ended: ends.length === 0 || ends.length < starts.length ? null : ends.reduce((a, b) => Math.max(a, b)),
    };
  });
}

/** `clean[3]` */
export function taskRunName(
  task: Pick<TaskView, "name">,
  { index, name }: Pick<TaskRunView, "index" | "name">,
): string {
  return name ?? (index < 0 ? task.name : `${task.name}[${index}]`);
}

/** What a group's state is in one word: of a mapped task at work that of its children who are worst off. */
export function stateOf({ own, counts }: TaskGroup): StateType | null {
  if (own !== null && own.state !== "Mapped") return own.state;
  const states = counts.map(([state]) => state);
  const telling: readonly StateType[] = ["Failed", "TimedOut", "TriggerFailed", "Cancelled", "Retrying", "Running"];
  return telling.find((state) => states.includes(state)) ?? own?.state ?? null;
}
