import { agentTakes } from "../../rules/labels.ts";
import { type RequestContext, type Resolver, timeOf, whole } from "../context.ts";
import { topUp } from "../scheduling/top-up.ts";

/** Prefect 1.x: `queued_runs_returned_limit`. */
const mostReturned = 25;

/** Prefect 1.x: what can be due at a time. */
const waiting = "('Scheduled', 'Paused', 'Resume', 'Retrying', 'Queued')";

interface QueueInput {
  readonly tenant_id: string;
  readonly before?: string | null;
  readonly labels?: readonly string[] | null;
}

export const queueMutations: Readonly<Record<string, Resolver>> = {
  get_runs_in_queue: whole((input: QueueInput, context) => {
    noteQuery(context);
    topUp(context);
    return { flow_run_ids: dueFlowRuns(input, context) };
  }),
};

/** The runs that wait to be started, and the Running ones with a task run that waits: a long retry, a resumed pause. */
function dueFlowRuns(input: QueueInput, context: RequestContext): string[] {
  const before = input.before ?? timeOf(context);
  const rows = context.database.all(
    `SELECT id, labels FROM flow_run
     WHERE tenant_id = ? AND ((state IN ${waiting} AND state_start_time <= ?) OR (state = 'Running' AND EXISTS (
       SELECT 1 FROM task_run t
       WHERE t.flow_run_id = flow_run.id AND t.state IN ${waiting} AND t.state_start_time <= ?
     )))
     ORDER BY state_start_time, rowid`,
    ...[input.tenant_id, before, before],
  );
  return rows
    .filter(({ labels }) => agentTakes(input.labels ?? [], JSON.parse(String(labels))))
    .slice(0, mostReturned)
    .map(({ id }) => String(id));
}

function noteQuery(context: RequestContext): void {
  if (context.agentId === null) return;
  context.database.run("UPDATE agent SET last_queried = ? WHERE id = ?", timeOf(context), context.agentId);
}
