import type { Database } from "../../database/database.ts";
import type { EdgeView, RunDetail, StateTime, StateTimes, StateView, TaskRunView, TaskView } from "../view.ts";
import { milliseconds, rowsAs } from "./columns.ts";
import { runColumns, runTables } from "./runs-view.ts";

/** A flow run with its history; null when there is none. */
export function runDetail(database: Database, id: string): RunDetail | null {
  const row = database.first(
    `SELECT ${runColumns}, f.id AS flowId, f.version AS flowVersion, f.archived, r.labels, r.parameters, r.context
     FROM ${runTables} WHERE r.id = ?`,
    id,
  );
  if (row === undefined) return null;
  const json = (column: unknown) => JSON.parse(String(column));
  return {
    ...(row as unknown as RunDetail),
    archived: row.archived === 1,
    labels: json(row.labels),
    parameters: json(row.parameters),
    context: json(row.context),
    states: statesOf(database, "flow_run", id),
  };
}

export function statesOf(database: Database, kind: "flow_run" | "task_run", id: string): StateView[] {
  return rowsAs<StateView>(
    database.all(
      `SELECT state, ${milliseconds("timestamp")} AS time, message FROM ${kind}_state WHERE ${kind}_id = ? ORDER BY version`,
      id,
    ),
  );
}

/** The histories of task runs, without what was said. */
export function stateTimesOf(database: Database, ids: readonly string[]): StateTimes {
  const rows = rowsAs<StateTime & { readonly id: string }>(
    database.all(
      `SELECT task_run_id AS id, state, ${milliseconds("timestamp")} AS time FROM task_run_state
       WHERE task_run_id IN (SELECT value FROM json_each(?)) ORDER BY task_run_id, version`,
      JSON.stringify(ids),
    ),
  );
  const byId = Map.groupBy(rows, ({ id }) => id);
  return Object.fromEntries([...byId].map(([id, states]) => [id, states.map(({ state, time }) => ({ state, time }))]));
}

/** The tasks of a flow, upstream of each other or not, in the order in which they were registered. */
export function tasksOf(database: Database, flowId: string): TaskView[] {
  const rows = database.all(
    "SELECT id, coalesce(name, slug) AS name, slug, mapped FROM task WHERE flow_id = ? ORDER BY rowid",
    flowId,
  );
  return rowsAs<TaskView>(rows).map((task) => ({ ...task, mapped: Boolean(task.mapped) }));
}

export function edgesOf(database: Database, flowId: string): EdgeView[] {
  const rows = database.all(
    `SELECT upstream_task_id AS "from", downstream_task_id AS "to", key, mapped FROM edge WHERE flow_id = ? ORDER BY rowid`,
    flowId,
  );
  return rowsAs<EdgeView>(rows).map((edge) => ({ ...edge, mapped: Boolean(edge.mapped) }));
}

export const taskRunColumns = `r.id, r.task_id AS task, r.map_index AS "index", r.name, r.state,
  ${milliseconds("r.start_time")} AS started, ${milliseconds("r.end_time")} AS ended`;

export function taskRunsOf(database: Database, flowRunId: string): TaskRunView[] {
  const sql = `SELECT ${taskRunColumns} FROM task_run r WHERE r.flow_run_id = ? ORDER BY r.rowid`;
  return rowsAs<TaskRunView>(database.all(sql, flowRunId));
}

/** Those that have got a state after row `since` of the history. */
export function taskRunsChangedSince(database: Database, flowRunId: string, since: number): TaskRunView[] {
  // The plus keeps SQLite from going through all task runs of the run: 30 ms for 10,000 of them, each time.
  const sql = `SELECT ${taskRunColumns} FROM task_run r WHERE +r.flow_run_id = ? AND r.id IN (
      SELECT task_run_id FROM task_run_state WHERE rowid > ?
    ) ORDER BY r.rowid`;
  return rowsAs<TaskRunView>(database.all(sql, flowRunId, since));
}
