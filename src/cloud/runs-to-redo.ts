import { isFailed, isFinished, type State, unwrap } from "../state/index.ts";
import type { EdgeRow, TaskRunRow } from "./port/runs-api.ts";

/** What is known of a task run here. */
export type RedoRun = Pick<TaskRunRow, "id" | "mapIndex" | "state"> & { readonly task: Pick<TaskRunRow["task"], "id"> };

/**
 * The task runs that have to run again for a flow run to get another end: those that failed or were cancelled, and
 * whatever finished downstream of them. Of a mapped task only the children concerned, unless what it is mapped over, or
 * takes whole, is made anew; then it may have another number of children.
 *
 * Prefect 1.x's "Restart from failed" does the same, in its web page; there all children run again.
 */
export function runsToRedo<Run extends RedoRun>(runs: readonly Run[], edges: readonly EdgeRow[]): Run[] {
  return andDownstream(
    runs.filter(({ state }) => wantsRedoing(state)),
    runs,
    edges,
  );
}

/** Some task runs, and of those downstream of them the finished ones. */
export function andDownstream<Run extends RedoRun>(
  some: readonly Run[],
  runs: readonly Run[],
  edges: readonly EdgeRow[],
): Run[] {
  const ofTask = Map.groupBy(runs, ({ task }) => task.id);
  const below = Map.groupBy(edges, ({ upstream }) => upstream);
  const redo = new Set(some);
  // A set takes what is added while it is walked: each run is looked at once.
  for (const run of redo) {
    for (const edge of below.get(run.task.id) ?? []) {
      for (const next of concerned(run, edge, ofTask.get(edge.downstream) ?? [])) {
        if (isFinished(next.state)) redo.add(next);
      }
    }
  }
  return runs.filter((run) => redo.has(run));
}

/** `1 task run runs again`, `2 task runs run again` */
export const redoText = (count: number): string =>
  count === 1 ? "1 task run runs again" : `${count} task runs run again`;

function wantsRedoing(state: State): boolean {
  const held = unwrap(state);
  return isFailed(held) || held.type === "Cancelled";
}

function concerned<Run extends RedoRun>({ mapIndex }: Run, edge: EdgeRow, downstream: readonly Run[]): readonly Run[] {
  if (mapIndex === null || !edge.mapped) return downstream;
  const sameIndex = downstream.filter((next) => next.mapIndex === mapIndex);
  // Nothing was mapped yet: the task failed as a whole.
  return sameIndex.length > 0 ? sameIndex : downstream.filter((next) => next.mapIndex === null);
}
