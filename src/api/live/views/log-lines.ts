import type { Database } from "../../database/database.ts";
import type { LogPage, LogView } from "../view.ts";
import { milliseconds, rowsAs } from "./columns.ts";

/** As many lines at a time; who wants more asks for those before them. */
const pageSize = 2_000;

const columns = `rowid AS at, task_run_id AS taskRun, ${milliseconds("timestamp")} AS time, level, coalesce(message, '') AS message`;

/** The newest lines of a run, or those before line `before`. Lines are told apart by when they were written. */
export function newestLines(
  database: Database,
  kind: "flow_run" | "task_run",
  id: string,
  before = Number.MAX_SAFE_INTEGER,
): LogPage {
  const rows = database.all(
    `SELECT ${columns} FROM log WHERE ${kind}_id = ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    ...[id, before, pageSize + 1],
  );
  return { lines: rowsAs<LogView>(rows.slice(0, pageSize)).reverse(), more: rows.length > pageSize };
}

/** What was written after line `since`, up to line `until`. */
export function linesBetween(database: Database, flowRunId: string, since: number, until: number): LogView[] {
  // The plus keeps SQLite from taking the run's index: the few newest lines are at the table's end.
  const sql = `SELECT ${columns} FROM log WHERE rowid > ? AND rowid <= ? AND +flow_run_id = ? ORDER BY rowid`;
  return rowsAs<LogView>(database.all(sql, since, until, flowRunId));
}
