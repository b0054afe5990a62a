import { isTimeZone } from "../../../graph/index.ts";
import { readSchedule } from "../../../graph/schemas.ts";
import { Refusal } from "../../rules/refusal.ts";
import { jsonColumn, type RequestContext, type Resolver, timeOf, whole } from "../context.ts";
import { deleteScheduledRuns } from "../scheduling/delete-scheduled.ts";
import { topUp } from "../scheduling/top-up.ts";

interface GroupSchedule {
  readonly flow_group_id: string;
  readonly clocks: readonly Readonly<Record<string, unknown>>[];
  readonly timezone?: string | null;
}

/** A schedule that is set beside the flow, in the UI, and goes before the flow's own. */
export const groupScheduleMutations: Readonly<Record<string, Resolver>> = {
  set_flow_group_schedule: whole((input: GroupSchedule, context) => {
    const startDate = startIn(input.timezone ?? null, context);
    const clocks = input.clocks.map((clock) => ({ ...clock, start_date: startDate }));
    const schedule = { type: "Schedule", clocks };
    const read = readSchedule(schedule);
    if ("problem" in read) throw new Refusal(`Invalid clock provided for schedule: ${read.problem}`);
    return { success: setSchedule(context, input.flow_group_id, schedule) };
  }),

  delete_flow_group_schedule: whole(({ flow_group_id: id }: { flow_group_id: string }, context) => ({
    success: setSchedule(context, id, null),
  })),
};

/** Prefect 1.x: with a time zone the clocks start now, by the clocks there. */
function startIn(timeZone: string | null, { now }: RequestContext): { dt: string; tz: string } | null {
  if (timeZone === null) return null;
  if (!isTimeZone(timeZone)) throw new Refusal(`Invalid timezone provided for schedule: ${timeZone}`);
  const wall = Temporal.Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return { dt: wall.round("second").toString(), tz: timeZone };
}

function setSchedule(context: RequestContext, groupId: string, schedule: object | null): boolean {
  const { database } = context;
  const sql = "UPDATE flow_group SET schedule = ?, updated = ? WHERE id = ?";
  const changed = database.run(sql, jsonColumn(schedule), timeOf(context), groupId) > 0;
  for (const { id } of database.all("SELECT id FROM flow WHERE flow_group_id = ?", groupId)) {
    deleteScheduledRuns(context, String(id));
  }
  topUp(context);
  return changed;
}
