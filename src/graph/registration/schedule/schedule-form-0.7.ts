import { FlowRunnerError } from "../../../errors/index.ts";
import type { FlowGraph } from "../../graph.ts";
import type { ClockSpec, ScheduleSpec } from "../../schedule/schedule.ts";
import type { ScheduleForm } from "./form.ts";
import { bounds, microseconds } from "./schedule-form.ts";

/**
 * A schedule in Prefect 0.7's form.
 *
 * @throws FlowRunnerError `REGISTRATION_NOT_IN_07` for clocks with parameters, labels or `dayOr: false`
 */
export function scheduleForm07(flow: Pick<FlowGraph, "name">, schedule: ScheduleSpec, version: string): ScheduleForm {
  const problem = schedule.clocks.map(missing).find((what) => what !== null);
  if (problem !== undefined && problem !== null) {
    throw new FlowRunnerError("REGISTRATION_NOT_IN_07", { flow: flow.name, what: `a clock with ${problem}` });
  }
  const clocks = schedule.clocks.flatMap((clock) => clockForms(clock, version));
  const rules = { filters: [], or_filters: [], not_filters: [], adjustments: [] };
  return { type: "Schedule", clocks, ...rules, __version__: version };
}

function missing(clock: ClockSpec): string | null {
  if (Object.keys(clock.parameterDefaults).length > 0) return "parameters of its own";
  if (clock.labels !== null) return "labels of its own";
  return clock.type === "CronClock" && !clock.dayOr ? "dayOr: false" : null;
}

function clockForms(clock: ClockSpec, version: string): ScheduleForm["clocks"] {
  switch (clock.type) {
    case "IntervalClock":
      return [{ type: clock.type, interval: microseconds(clock.interval), ...bounds(clock), __version__: version }];
    case "CronClock":
      return [{ type: clock.type, cron: clock.cron, ...bounds(clock), __version__: version }];
    case "DatesClock":
      // Prefect 0.7.0 cannot load a DatesClock: its schema takes one date where it writes a list.
      return clock.dates.map((date) => ({
        ...{ type: "IntervalClock", interval: microseconds(86_400_000), start_date: date, end_date: date },
        __version__: version,
      }));
  }
}
