import type { StateType } from "../../../state/index.ts";
import { isRunningType } from "../../rules/admission.ts";
import type { WireState } from "../../rules/wire-state.ts";
import { newId, type RequestContext, timeOf } from "../context.ts";

export type RunKind = "flow_run" | "task_run";

/** Prefect 1.x sets a run's end time for these only; a Skipped or TriggerFailed run has none. */
const ends: ReadonlySet<StateType> = new Set(["Success", "Failed", "Cached", "TimedOut", "Looped", "Cancelled"]);

/** Adds a state to a run's history and puts it in force. */
export function storeState(
  context: RequestContext,
  kind: RunKind,
  run: { readonly id: string; readonly version: number },
  state: WireState,
): void {
  const time = timeOf(context);
  const version = run.version + 1;
  insertState(context, kind, run.id, version, state, time);
  const beats = isRunningType(state.type) || (kind === "flow_run" && state.type === "Submitted");
  context.database.run(
    `UPDATE ${kind} SET version = ?, state = ?, state_timestamp = ?, state_message = ?, state_start_time = ?,
       updated = ?, start_time = coalesce(start_time, ?), end_time = coalesce(?, end_time),
       heartbeat = coalesce(?, heartbeat)
     WHERE id = ?`,
    ...[version, state.type, time, state.message ?? null, state.start_time ?? null, time],
    state.type === "Running" ? time : null,
    ends.has(state.type) ? time : null,
    beats ? time : null,
    run.id,
  );
}

/** Adds a state to a run's history only. */
export function insertState(
  { database }: RequestContext,
  kind: RunKind,
  runId: string,
  version: number,
  state: WireState,
  time: string,
): void {
  database.run(
    `INSERT INTO ${kind}_state (id, ${kind}_id, version, timestamp, state, message, start_time, serialized_state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[newId(), runId, version, time, state.type, state.message ?? null, state.start_time ?? null],
    JSON.stringify(state),
  );
}

/** The state in force, or null when the run has none yet. */
export function stateInForce({ database }: RequestContext, kind: RunKind, runId: string): WireState | null {
  const row = database.first(
    `SELECT s.serialized_state FROM ${kind} r JOIN ${kind}_state s ON s.${kind}_id = r.id AND s.version = r.version
     WHERE r.id = ?`,
    runId,
  );
  return row === undefined ? null : JSON.parse(String(row.serialized_state));
}
