import type { ClockSpec, ScheduleSpec, ZonedDate } from "../../../graph/index.ts";
import { nextEvents } from "../../../graph/schedules.ts";
import { durationText } from "../../terminal/words.ts";

const shown = 5;

/** The next times of a schedule, in UTC: `2026-03-09T08:00:00.000Z`. */
export const nextTimes = (schedule: ScheduleSpec, now: number): string[] =>
  nextEvents(schedule, shown, now).map(({ startTime }) => new Date(startTime).toISOString());

/** What `inspect` says of a schedule: a line for each clock, then its next times. */
export function scheduleLines(schedule: ScheduleSpec | null, now: number): string[] {
  if (schedule === null) return ["  schedule: none"];
  const times = nextTimes(schedule, now);
  return [
    ...schedule.clocks.map((clock) => `  schedule: ${clockText(clock)}${givenText(clock)}`),
    `  next runs: ${times.length === 0 ? "none, it is over" : times.join(", ")}`,
  ];
}

function clockText(clock: ClockSpec): string {
  switch (clock.type) {
    case "IntervalClock":
      return `every ${durationText(clock.interval)}${boundsText(clock)}`;
    case "CronClock":
      return `cron ${clock.cron}${clock.dayOr ? "" : " (day and weekday)"}${boundsText(clock)}`;
    case "DatesClock":
      return `${clock.dates.length === 1 ? "one date" : `${clock.dates.length} dates`}`;
  }
}

function boundsText({ startDate, endDate }: Exclude<ClockSpec, { type: "DatesClock" }>): string {
  return `${startDate === null ? "" : ` from ${dateText(startDate)}`}${endDate === null ? "" : ` until ${dateText(endDate)}`}`;
}

const dateText = ({ dt, tz }: ZonedDate): string => `${dt.replace("T", " ")} ${tz}`;

function givenText({ parameterDefaults, labels }: ClockSpec): string {
  const parameters = Object.keys(parameterDefaults).length === 0 ? "" : `, with ${JSON.stringify(parameterDefaults)}`;
  return labels === null ? parameters : `${parameters}, labels ${labels.join(", ") || "none"}`;
}
