import { nextEvents, type ScheduleEvent } from "../../../graph/schedules.ts";
import { readSchedule } from "../../../graph/schemas.ts";
import { fromWireTime, toWireTime } from "../../../state/index.ts";
import type { Row } from "../../database/database.ts";
import { Refusal } from "../../rules/refusal.ts";
import type { RequestContext } from "../context.ts";
import { createFlowRunOnce } from "../runs/flow-runs.ts";

/** Prefect 1.x: so many runs wait for their time. */
const ahead = 10;

/**
 * Creates the next runs of a flow whose schedule is active. A run is never created twice: its time is its idempotency
 * key, and what is not later than the latest run that was scheduled is there, or was deleted.
 *
 * Prefect 1.x: `schedule_flow_runs`. A schedule of the flow's group goes before the flow's own.
 *
 * @throws Refusal when the schedule cannot be read, or a run lacks a required parameter.
 */
export function scheduleFlow(context: RequestContext, flowId: string): void {
  const flow = activeFlow(context, flowId);
  if (flow === undefined) return;
  const read = readSchedule(JSON.parse(String(flow.schedule)));
  if ("problem" in read) throw new Refusal(`Flow ${flowId} can not be scheduled: ${read.problem}.`);
  const events = nextEvents(read.schedule, ahead, context.now());
  context.lookAgain.set(flowId, events[0]?.startTime ?? Number.POSITIVE_INFINITY);
  const latest = typeof flow.latest === "string" ? fromWireTime(flow.latest) : null;
  for (const event of events) {
    if (latest !== null && event.startTime <= latest && !isSpecial(event)) continue;
    createFlowRunOnce(
      {
        flow_id: flowId,
        scheduled_start_time: toWireTime(event.startTime),
        idempotency_key: keyOf(event),
        parameters: event.parameterDefaults,
        labels: event.labels,
        auto_scheduled: true,
      },
      context,
    );
  }
}

const activeFlow = ({ database }: RequestContext, flowId: string): Row | undefined =>
  database.first(
    `SELECT coalesce(g.schedule, f.schedule) AS schedule, (
       SELECT max(r.scheduled_start_time) FROM flow_run r WHERE r.flow_id = f.id AND r.auto_scheduled = 1
     ) AS latest
     FROM flow f JOIN flow_group g ON g.id = f.flow_group_id
     WHERE f.id = ? AND f.is_schedule_active = 1 AND f.archived = 0 AND coalesce(g.schedule, f.schedule) IS NOT NULL`,
    flowId,
  );

/** There may be several of them at one time. */
const isSpecial = ({ parameterDefaults, labels }: ScheduleEvent): boolean =>
  labels !== null || Object.keys(parameterDefaults).length > 0;

function keyOf(event: ScheduleEvent): string {
  const key = `auto-scheduled:${toWireTime(event.startTime)}`;
  return isSpecial(event) ? `${key}:${JSON.stringify([event.parameterDefaults, event.labels])}` : key;
}
