import { ask } from "../../prefect-3/api.ts";
import type { Story } from "../compare/compare.ts";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly state_type: string | null;
  readonly state_name: string | null;
  readonly run_count: number;
  readonly tags: readonly string[];
}
interface TaskRunRow extends Row {
  readonly flow_run_id: string;
  readonly task_key: string;
  readonly dynamic_key: string;
}

/** The most that the API gives at once. */
const page = 200;

async function rowsOf<Each>(url: string, kind: "flow_runs" | "task_runs", ids: readonly string[]): Promise<Each[]> {
  const rows: Each[] = [];
  for (;;) {
    const filter = { flow_runs: { id: { any_: ids } }, sort: "ID_DESC", limit: page, offset: rows.length };
    const more = await ask<Each[]>(url, "POST", `/${kind}/filter`, filter);
    rows.push(...more);
    if (more.length < page) return rows;
  }
}

/** How it ended, how often it was begun: `COMPLETED Cached, 1 run, tags a b`. */
function outcomeLine({ state_type, state_name, run_count, tags }: Row): string {
  const tagged = tags.length === 0 ? "" : `, tags ${tags.toSorted().join(" ")}`;
  return `${state_type} ${state_name}, ${run_count} ${run_count === 1 ? "run" : "runs"}${tagged}`;
}

/** The name of its task: that of a task run is `add-2`, in Python `add-9f1`. */
const taskOf = ({ name }: Row): string => name.replace(/-[^-]*$/, "");

/**
 * Two task runs of one name in the order in which the flow has them: ours say which they are, Python's have ids of rising
 * order (UUID version 7).
 */
function inOrder(a: TaskRunRow, b: TaskRunRow): number {
  if (a.id[14] === "7") return a.id < b.id ? -1 : 1;
  const keyOf = (row: TaskRunRow): string => `${row.task_key} ${row.dynamic_key}`;
  return keyOf(a).localeCompare(keyOf(b), "en", { numeric: true });
}

/**
 * How flow runs and their task runs ended, by the name of the flow run: its own end under `flow`, those of its task runs
 * under their tasks' names and their places among them, which is the index of a mapped child.
 */
export async function outcomesOf(url: string, runs: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Story>> {
  const ids = [...runs.values()];
  const [flowRuns, taskRuns] = await Promise.all([
    rowsOf<Row>(url, "flow_runs", ids),
    rowsOf<TaskRunRow>(url, "task_runs", ids),
  ]);
  const ofRun = Map.groupBy(taskRuns.toSorted(inOrder), (row) => row.flow_run_id);
  return new Map(
    [...runs].map(([name, id]): [string, Story] => {
      const flow = flowRuns.filter((row) => row.id === id).map(outcomeLine);
      const ofTask = Map.groupBy(ofRun.get(id) ?? [], taskOf);
      const tasks = [...ofTask].flatMap(([task, rows]) =>
        rows.map((row, index): [string, string[]] => [`${task}[${index}]`, [outcomeLine(row)]]),
      );
      return [name, new Map([["flow", flow], ...tasks])];
    }),
  );
}
