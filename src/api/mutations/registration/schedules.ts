import { readSchedule } from "../../../graph/schemas.ts";
import type { Row } from "../../database/database.ts";
import { Refusal } from "../../rules/refusal.ts";
import type { FlowParameter } from "../../rules/serialized-flow.ts";
import { type RequestContext, type Resolver, timeOf, whole } from "../context.ts";
import { deleteScheduledRuns } from "../scheduling/delete-scheduled.ts";
import { scheduleFlow } from "../scheduling/schedule-flow.ts";

interface FlowId {
  readonly flow_id: string;
}

export const scheduleMutations: Readonly<Record<string, Resolver>> = {
  set_schedule_active: whole(({ flow_id: id }: FlowId, context) => ({ success: activateSchedule(context, id) })),

  set_schedule_inactive: whole(({ flow_id: id }: FlowId, context) => {
    deleteScheduledRuns(context, id);
    return { success: setActive(context, id, 0) };
  }),
};

/**
 * Prefect 1.x: `set_schedule_active`, which creates the next runs at once. A flow without a schedule stays as it is.
 *
 * @throws Refusal for required parameters that no clock and no default of the group gives, and for a schedule that
 * cannot be read.
 */
export function activateSchedule(context: RequestContext, flowId: string): boolean {
  const flow = context.database.first(
    `SELECT f.schedule, f.parameters, g.schedule AS group_schedule, g.default_parameters
     FROM flow f JOIN flow_group g ON g.id = f.flow_group_id WHERE f.id = ?`,
    flowId,
  );
  if (flow === undefined || (flow.schedule ?? flow.group_schedule) === null) return false;
  checkRequired(flow);
  setActive(context, flowId, 1);
  scheduleFlow(context, flowId);
  return true;
}

function setActive(context: RequestContext, flowId: string, active: 0 | 1): boolean {
  const sql = "UPDATE flow SET is_schedule_active = ?, updated = ? WHERE id = ?";
  return context.database.run(sql, active, timeOf(context), flowId) > 0;
}

function checkRequired(flow: Row): void {
  const declared: FlowParameter[] = JSON.parse(String(flow.parameters));
  const ofGroup: Record<string, unknown> = JSON.parse(String(flow.default_parameters));
  const required = declared.filter(({ name, required }) => required && !Object.hasOwn(ofGroup, name));
  if (flow.schedule === null || required.length === 0) return;
  const read = readSchedule(JSON.parse(String(flow.schedule)));
  const clocks = "problem" in read ? [] : read.schedule.clocks;
  if (clocks.every((clock) => required.every(({ name }) => Object.hasOwn(clock.parameterDefaults, name)))) return;
  throw new Refusal("Can not schedule a flow that has required parameters.");
}
