import { makeState } from "../../../state/index.ts";
import type { EdgeRow, TaskRunRow } from "../../port/runs-api.ts";
import { isUnpersisted, recordedState } from "../task-runs/kept-states.ts";
import type { TaskRunRow as RecordedRow } from "../task-runs/task-run-row.ts";
import { mapIndexIn } from "../task-runs/task-run-row.ts";

/**
 * Task runs as a person sees them in every dialect; see `RunsApi.taskRuns`. Prefect 3 has none for a mapped task as a
 * whole: its children are preceded by one that is Mapped and has the task's slug for its id.
 */
export function taskRunRows(recorded: readonly RecordedRow[]): TaskRunRow[] {
  // The API knows no order of a flow's tasks but that in which they began.
  const begun = recorded.toSorted((a, b) => startOf(a) - startOf(b));
  const ofTask = Map.groupBy(begun, ({ task_key }) => task_key);
  return [...ofTask.values()].flatMap((rows) => {
    const runs = rows
      .map((row) => rowOf(row, rows.length > 1))
      .toSorted((a, b) => (a.mapIndex ?? 0) - (b.mapIndex ?? 0));
    const [first] = runs;
    return first === undefined || first.mapIndex === null ? runs : [wholeOf(first, runs), ...runs];
  });
}

const startOf = ({ start_time: start }: RecordedRow): number => start ?? Number.MAX_SAFE_INTEGER;

/** @param hasSiblings - other task runs of its task: a Python flow's do not say which child they are */
function rowOf(row: RecordedRow, hasSiblings: boolean): TaskRunRow {
  const { id, task_key: slug, dynamic_key: key } = row;
  const state = recordedState(row);
  return {
    id,
    version: 0,
    task: { id: slug, name: taskName(row), slug },
    mapIndex: mapIndexIn(row) ?? (hasSiblings && /^\d+$/.test(key) ? Number(key) : null),
    state,
    started: row.start_time,
    // One that runs once more keeps the end that it had.
    ended: isOver(row) ? row.end_time : null,
    ...(isUnpersisted(state) ? { unpersisted: true } : {}),
  };
}

const isOver = ({ state }: RecordedRow): boolean =>
  ["COMPLETED", "FAILED", "CANCELLED", "CRASHED"].includes(String(state?.type));

/** Its own name ends with a count: `reading-3`. */
export const taskName = ({ name }: Pick<RecordedRow, "name">): string => name.replace(/-[0-9a-f]+$/, "");

function wholeOf({ task }: TaskRunRow, children: readonly TaskRunRow[]): TaskRunRow {
  const times = (which: "started" | "ended") => children.flatMap((child) => child[which] ?? []);
  const ends = times("ended");
  return {
    id: task.id,
    version: 0,
    task,
    mapIndex: null,
    state: makeState("Mapped", null, { mapCount: children.length }),
    started: times("started").reduce<number | null>((least, time) => Math.min(least ?? time, time), null),
    ended: ends.length < children.length ? null : Math.max(...ends),
  };
}

/**
 * The graph of a flow run's tasks, from what its task runs say that they were given; see `RunsApi.taskGraph`.
 *
 * @param taskRuns - those of `taskRunRows`
 */
export function edgeRows(recorded: readonly RecordedRow[], taskRuns: readonly TaskRunRow[]): EdgeRow[] {
  const rows = new Map(taskRuns.map((row) => [row.id, row]));
  const edges = new Map<string, EdgeRow>();
  for (const { id, task_inputs: inputs } of recorded) {
    const run = rows.get(id);
    if (run === undefined) continue;
    for (const given of Object.values(inputs)) {
      const from = given.flatMap((input) => (input.id === undefined ? [] : (rows.get(input.id) ?? [])));
      for (const [upstream, runs] of Map.groupBy(from, ({ task }) => task.id)) {
        // A child that is given one child is mapped over it; whatever takes all of them takes the task as a whole.
        const mapped =
          run.mapIndex !== null && runs.every(({ mapIndex }) => mapIndex === null || mapIndex === run.mapIndex);
        const downstream = run.task.id;
        edges.set(`${upstream} ${downstream} ${mapped}`, { upstream, downstream, mapped });
      }
    }
  }
  return [...edges.values()];
}
