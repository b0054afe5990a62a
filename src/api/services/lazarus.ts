import type { RequestContext } from "../mutations/context.ts";
import { moveOn, staleRuns } from "./stale-runs.ts";

/** Prefect Server: `services.lazarus.resurrection_attempt_limit`. */
const mostResurrections = 3;
const message = "Rescheduled by a Lazarus process.";

/** A flow run with such a task run has somebody, or waits for something. */
const comingUp = "('Scheduled', 'Paused', 'Resume', 'Retrying', 'Queued', 'Submitted', 'Running', 'Cancelling')";

/**
 * Schedules flow runs again that got lost: Submitted or Running, without a heartbeat, and no task run under way or
 * coming up. One that got lost three times more is Failed.
 *
 * Prefect 1.x: the Lazarus process of Prefect Server. That a task run is Queued or Submitted keeps it off here too.
 */
export function rescheduleLostRuns(context: RequestContext): void {
  const { database } = context;
  for (const run of staleRuns(context, "Running", "Submitted")) {
    const busy = `SELECT 1 FROM task_run WHERE flow_run_id = ? AND state IN ${comingUp} LIMIT 1`;
    if (database.first(busy, run.id) !== undefined) continue;
    const sql = "SELECT count(*) AS times FROM flow_run_state WHERE flow_run_id = ? AND message = ?";
    const times = Number(database.first(sql, run.id, message)?.times);
    if (times < mostResurrections) moveOn(context, run, { type: "Scheduled", message }, "Lazarus");
    else moveOn(context, run, { type: "Failed", message: givenUp }, "Lazarus");
  }
}

const givenUp = `A Lazarus process attempted to reschedule this run ${mostResurrections} times without success. Marking as failed.`;
