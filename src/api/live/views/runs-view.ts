import { z } from "zod";
import { type StateType, stateTypes } from "../../../state/index.ts";
import type { Database } from "../../database/database.ts";
import { mostRuns, type RunRow, type RunsView } from "../view.ts";
import { milliseconds, rowsAs } from "./columns.ts";

/** The query of `/page/runs`: which runs are listed. */
export const runsFilter = z.object({
  /** Of these states; none given: of any. */
  state: z.array(z.enum(stateTypes)).default([]),
  flow: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(mostRuns).default(100),
});
export type RunsFilter = z.infer<typeof runsFilter>;

export const runColumns = `r.id, r.name, f.name AS flow, p.name AS project, r.state, r.state_message AS message,
  ${milliseconds("r.scheduled_start_time")} AS scheduled, ${milliseconds("r.start_time")} AS started,
  ${milliseconds("r.end_time")} AS ended`;
export const runTables = "flow_run r JOIN flow f ON f.id = r.flow_id JOIN project p ON p.id = f.project_id";

/** The newest runs first. */
export function runsView(database: Database, { state, flow, limit }: RunsFilter, now: number): RunsView {
  const conditions = [
    ...(state.length === 0 ? [] : ["r.state IN (SELECT value FROM json_each(?))"]),
    ...(flow === undefined ? [] : ["f.name = ?"]),
  ];
  const rows = database.all(
    `SELECT ${runColumns} FROM ${runTables} ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`}
     ORDER BY r.rowid DESC LIMIT ?`,
    ...(state.length === 0 ? [] : [JSON.stringify(state satisfies StateType[])]),
    ...(flow === undefined ? [] : [flow]),
    limit + 1,
  );
  const flows = database.all("SELECT DISTINCT name FROM flow ORDER BY name");
  return {
    runs: rowsAs<RunRow>(rows.slice(0, limit)),
    more: rows.length > limit,
    flows: flows.map(({ name }) => String(name)),
    now,
  };
}
