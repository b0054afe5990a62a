import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowGraph } from "../graph.ts";
import type { ClockSpec, CronClockSpec, IntervalClockSpec, ZonedDate } from "../schedule/schedule.ts";
import { firstDate, instantOf, wallAt } from "../schedule/zoned-date.ts";

/** When a deployment of Prefect 3 starts runs: `DeploymentScheduleCreate` in its API. */
export interface DeploymentSchedule {
  readonly schedule: ScheduleOf3;
  readonly active: boolean;
  /** Of the runs that it starts, over those of the deployment. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

type ScheduleOf3 =
  | { readonly cron: string; readonly timezone: string; readonly day_or: boolean }
  /** Seconds. */
  | { readonly interval: number; readonly anchor_date: string; readonly timezone: string }
  | { readonly rrule: string; readonly timezone: string };

/**
 * A flow's schedule in Prefect 3's form, a schedule for each clock. Labels are not in it: there a deployment's work pool
 * says where its runs go.
 *
 * Prefect 3 has a begin and an end only for recurrence rules (RFC 5545), so that an interval that has one becomes such a
 * rule; a cron text cannot.
 *
 * @param now Epoch milliseconds: a begin that is over says nothing.
 * @throws FlowRunnerError `SCHEDULE_NOT_IN_3`
 */
export function deploymentSchedules(
  { name, schedule }: Pick<FlowGraph, "name" | "schedule">,
  now: number,
): readonly DeploymentSchedule[] {
  return (schedule?.clocks ?? []).map((clock) => ({
    schedule: scheduleOf(clock, name, now),
    active: true,
    parameters: clock.parameterDefaults,
  }));
}

function scheduleOf(clock: ClockSpec, flow: string, now: number): ScheduleOf3 {
  switch (clock.type) {
    case "CronClock":
      return cronSchedule(clock, flow, now);
    case "IntervalClock":
      return intervalSchedule(clock, now);
    case "DatesClock":
      return datesRule(clock.dates);
  }
}

function cronSchedule({ cron, dayOr, startDate, endDate }: CronClockSpec, flow: string, now: number): ScheduleOf3 {
  const bound = endDate !== null ? "endDate" : isAhead(startDate, now) ? "startDate" : null;
  if (bound !== null) throw new FlowRunnerError("SCHEDULE_NOT_IN_3", { flow, cron, bound });
  return { cron, timezone: startDate?.tz ?? firstDate.tz, day_or: dayOr };
}

function intervalSchedule({ interval, startDate, endDate }: IntervalClockSpec, now: number): ScheduleOf3 {
  const start = startDate ?? firstDate;
  if (endDate === null && !isAhead(startDate, now)) {
    const anchor = new Date(instantOf(start)).toISOString();
    return { interval: interval / 1000, anchor_date: anchor, timezone: start.tz };
  }
  const until = endDate === null ? "" : `;UNTIL=${ruleTime(endDate, start.tz)}`;
  return {
    rrule: `DTSTART:${ruleTime(start, start.tz)}\nRRULE:${frequency(interval)}${until}`,
    timezone: start.tz,
  };
}

const day = 86_400_000;

/** In whole days where it is some, so that 9 o'clock stays 9 o'clock when the clocks are changed. */
function frequency(interval: number): string {
  return interval % day === 0
    ? `FREQ=DAILY;INTERVAL=${interval / day}`
    : `FREQ=SECONDLY;INTERVAL=${Math.max(1, Math.round(interval / 1000))}`;
}

function datesRule(dates: readonly ZonedDate[]): ScheduleOf3 {
  const timezone = dates[0]?.tz ?? firstDate.tz;
  return { rrule: dates.map((date) => `RDATE:${ruleTime(date, timezone)}`).join("\n"), timezone };
}

const isAhead = (date: ZonedDate | null, now: number): boolean => date !== null && instantOf(date) > now;

/** On the clocks of the schedule's zone, as Prefect's server reads it: `20261224T180000`. */
const ruleTime = (date: ZonedDate, timezone: string): string =>
  wallAt(instantOf(date), timezone).round("second").toString().replaceAll(/[-:]/g, "");
