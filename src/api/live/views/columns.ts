import type { Database, Row } from "../../database/database.ts";

/** SQL for a time as epoch milliseconds. */
export const milliseconds = (column: string): string => `CAST(round(unixepoch(${column}, 'subsec') * 1000) AS INTEGER)`;

/** Rows that a statement of ours has named like `View`. */
export function rowsAs<View>(rows: readonly Row[]): View[] {
  return rows as unknown as View[];
}

/** The rowid of a table's newest row; 0 of an empty one. */
export function newest(database: Database, table: "task_run_state" | "log"): number {
  return Number(database.first(`SELECT max(rowid) AS at FROM ${table}`)?.at ?? 0);
}
