import type { StateType } from "../../../state/index.ts";
import type { TaskRunView } from "../../live/view.ts";
import { stateOf, type TaskGroup, taskRunName } from "./task-groups.ts";

export interface TimelineRow {
  readonly id: string;
  readonly task: string;
  readonly name: string;
  readonly level: 1 | 2;
  readonly state: StateType | null;
  /** Of a mapped task: how many of its children are in which state. */
  readonly counts: readonly (readonly [StateType, number])[] | null;
  readonly isOpen: boolean;
  /** What the row is of; null: of many, or of none yet. */
  readonly run: TaskRunView | null;
  readonly started: number | null;
  readonly ended: number | null;
}

/** One row a task, and below those that are open one for each of their children. */
export function timelineRows(groups: readonly TaskGroup[], open: ReadonlySet<string>): TimelineRow[] {
  return groups.flatMap((group): TimelineRow[] => {
    const { task, own, children, counts, started, ended } = group;
    const isMapped = children.length > 0;
    const isOpen = isMapped && open.has(task.id);
    const head: TimelineRow = {
      ...{ id: own?.id ?? task.id, task: task.id, name: own?.name ?? task.name, level: 1, state: stateOf(group) },
      ...{ counts: isMapped ? counts : null, isOpen, started, ended },
      run: isMapped ? null : own,
    };
    if (!isOpen) return [head];
    return [
      head,
      ...children.map((child): TimelineRow => {
        const { id, state, started, ended } = child;
        const name = taskRunName(task, child);
        return { id, task: task.id, name, level: 2, state, counts: null, isOpen: false, run: child, started, ended };
      }),
    ];
  });
}
