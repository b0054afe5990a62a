import { type RequestContext, type Resolver, whole } from "../context.ts";

interface FlowId {
  readonly flow_id: string;
}

const noScheduler =
  "This API has no scheduler: the flow is registered, but its schedule starts no runs. Create them with create_flow_run.";

/** Prefect 1.x: success is false where the flow has no schedule; here it is where the flow has one too. */
export const scheduleMutations: Readonly<Record<string, Resolver>> = {
  set_schedule_active: whole(({ flow_id: id }: FlowId, context) => ({
    success: false,
    error: hasSchedule(context, id) ? noScheduler : null,
  })),
  set_schedule_inactive: whole(({ flow_id: id }: FlowId, { database }) => ({
    success: database.first("SELECT 1 FROM flow WHERE id = ?", id) !== undefined,
  })),
};

function hasSchedule({ database }: RequestContext, flowId: string): boolean {
  return (
    database.first(
      `SELECT 1 FROM flow f JOIN flow_group g ON g.id = f.flow_group_id
       WHERE f.id = ? AND (f.schedule IS NOT NULL OR g.schedule IS NOT NULL)`,
      flowId,
    ) !== undefined
  );
}
