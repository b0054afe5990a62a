import type { RequestContext } from "../context.ts";

/** Prefect 1.x: runs that a schedule created and that have not started go with it; those created by hand stay. */
export function deleteScheduledRuns({ database, lookAgain }: RequestContext, flowId: string): void {
  database.run("DELETE FROM flow_run WHERE flow_id = ? AND state = 'Scheduled' AND auto_scheduled = 1", flowId);
  lookAgain.delete(flowId);
}
