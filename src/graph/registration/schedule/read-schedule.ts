import { readCron } from "../../schedule/cron-pattern.ts";
import type { ClockSpec, ScheduleSpec } from "../../schedule/schedule.ts";
import { instantOf } from "../../schedule/zoned-date.ts";
import { type ClockForm, type ScheduleForm, scheduleFormSchema } from "./form.ts";

/** A schedule that was registered, or the sentence about why its times cannot be told. */
export type ReadSchedule = { readonly schedule: ScheduleSpec } | { readonly problem: string };

/** Reads a schedule in Prefect's form, also one that Python wrote. */
export function readSchedule(form: unknown): ReadSchedule {
  const parsed = scheduleFormSchema.safeParse(form);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `the schedule cannot be read: ${issue?.path.join(".")}: ${issue?.message}` };
  }
  const rule = firstRule(parsed.data);
  if (rule !== null) return { problem: `the rule ${rule} of its schedule is not known here; clocks alone are` };
  const clocks = parsed.data.clocks.map(clockSpec);
  for (const clock of clocks) {
    const problem = clockProblem(clock);
    if (problem !== null) return { problem };
  }
  return { schedule: { clocks } };
}

function firstRule({ filters, or_filters, not_filters, adjustments }: ScheduleForm): string | null {
  const [first] = [filters, or_filters, not_filters, adjustments].flatMap((rules) => rules ?? []);
  return first === undefined ? null : (first?.fn.split(".").at(-1) ?? "without a name");
}

function clockSpec(form: ClockForm): ClockSpec {
  const ofEveryClock = { parameterDefaults: form.parameter_defaults ?? {}, labels: form.labels ?? null };
  if (form.type === "DatesClock") return { type: form.type, dates: form.dates, ...ofEveryClock };
  const bounds = { startDate: form.start_date ?? null, endDate: form.end_date ?? null };
  return form.type === "IntervalClock"
    ? { type: form.type, interval: form.interval / 1000, ...bounds, ...ofEveryClock }
    : { type: form.type, cron: form.cron, dayOr: form.day_or ?? true, ...bounds, ...ofEveryClock };
}

function clockProblem(clock: ClockSpec): string | null {
  const dates = clock.type === "DatesClock" ? clock.dates : [clock.startDate, clock.endDate];
  for (const date of dates) {
    if (date === null) continue;
    try {
      instantOf(date);
    } catch {
      return `its date ${date.dt} in "${date.tz}" cannot be read`;
    }
  }
  if (clock.type === "IntervalClock" && clock.interval < 60_000) return "Interval can not be less than one minute";
  const cron = clock.type === "CronClock" ? readCron(clock.cron) : {};
  return "problem" in cron ? `its cron text cannot be read: ${cron.problem}` : null;
}
