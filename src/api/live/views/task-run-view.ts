import { fromWire1x } from "../../../state/wire/index.ts";
import type { Database } from "../../database/database.ts";
import type { ResultView, TaskRunDetail, TaskRunView } from "../view.ts";
import { newestLines } from "./log-lines.ts";
import { statesOf, taskRunColumns } from "./run-view.ts";

/** All about one task run; null when there is none. */
export function taskRunDetail(database: Database, id: string): TaskRunDetail | null {
  const row = database.first(
    `SELECT ${taskRunColumns}, coalesce(t.name, t.slug) AS taskName, t.slug, r.state_message AS message,
       s.serialized_state AS inForce
     FROM task_run r JOIN task t ON t.id = r.task_id
       JOIN task_run_state s ON s.task_run_id = r.id AND s.version = r.version
     WHERE r.id = ?`,
    id,
  );
  if (row === undefined) return null;
  const { inForce, ...columns } = row;
  const states = statesOf(database, "task_run", id);
  return {
    ...(columns as unknown as TaskRunView & Pick<TaskRunDetail, "taskName" | "slug" | "message">),
    attempts: states.filter(({ state }) => state === "Running").length,
    states,
    result: resultIn(String(inForce)),
    logs: newestLines(database, "task_run", id),
  };
}

function resultIn(serialized: string): ResultView | null {
  const { result } = fromWire1x(JSON.parse(serialized));
  if (result === null) return null;
  const { type, ...options } = result.handler;
  return { handler: type, options, location: result.location };
}
