import type { RequestContext } from "../mutations/context.ts";
import { moveOn, staleRuns } from "./stale-runs.ts";

const message = "No heartbeat detected from the flow run that was to be cancelled; it is cancelled.";

/**
 * Cancels flow runs whose process was gone before it could do so itself, and with each its unfinished task runs.
 *
 * Prefect 1.x: the zombie killer of Prefect Server marks such a run as Failed, and leaves its task runs that are not
 * Running.
 */
export function concludeLostCancellations(context: RequestContext): void {
  for (const run of staleRuns(context, "Cancelling")) {
    moveOn(context, run, { type: "Cancelled", message }, "ZombieKiller");
  }
}
