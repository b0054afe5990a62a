import { Refusal } from "../../rules/refusal.ts";
import type { RequestContext } from "../context.ts";
import { scheduleFlow } from "./schedule-flow.ts";

/**
 * Creates the runs that active schedules are short of. A flow is looked at only when the first of its runs has become
 * due, so that this may be called at every poll of an agent.
 */
export function topUp(context: RequestContext): void {
  const { database, lookAgain } = context;
  const now = context.now();
  const active = "SELECT id FROM flow WHERE is_schedule_active = 1 AND archived = 0";
  for (const { id } of database.all(active)) {
    const flowId = String(id);
    if ((lookAgain.get(flowId) ?? now) > now) continue;
    try {
      database.step(() => scheduleFlow(context, flowId));
    } catch (error) {
      // What is wrong was said when the schedule was activated, or is new since (the group's schedule or parameters).
      if (!(error instanceof Refusal)) throw error;
    }
    // One that cannot be scheduled is looked at again when something about it is changed.
    if ((lookAgain.get(flowId) ?? now) <= now) lookAgain.set(flowId, Number.POSITIVE_INFINITY);
  }
}
