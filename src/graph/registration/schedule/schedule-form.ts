import type { ClockSpec, ScheduleSpec } from "../../schedule/schedule.ts";
import type { ClockForm, ScheduleForm } from "./form.ts";

/** A schedule in the form in which Prefect 1.x registers it with its flow. */
export function scheduleForm({ clocks }: ScheduleSpec, version: string): ScheduleForm {
  const form = clocks.map((clock) => clockForm(clock, version));
  return { clocks: form, filters: [], or_filters: [], not_filters: [], adjustments: [], __version__: version };
}

function clockForm(clock: ClockSpec, version: string): ClockForm {
  const ofEveryClock = { parameter_defaults: clock.parameterDefaults, labels: clock.labels, __version__: version };
  switch (clock.type) {
    case "IntervalClock":
      return { type: clock.type, interval: microseconds(clock.interval), ...bounds(clock), ...ofEveryClock };
    case "CronClock":
      return { type: clock.type, cron: clock.cron, day_or: clock.dayOr, ...bounds(clock), ...ofEveryClock };
    case "DatesClock":
      return { type: clock.type, dates: clock.dates, ...ofEveryClock };
  }
}

export const microseconds = (milliseconds: number): number => Math.round(milliseconds * 1000);

export const bounds = ({ startDate, endDate }: Exclude<ClockSpec, { type: "DatesClock" }>) => ({
  start_date: startDate,
  end_date: endDate,
});
