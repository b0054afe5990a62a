import type { ClockSpec, CronClockSpec, DatesClockSpec, IntervalClockSpec, ZonedDate } from "../../graph/index.ts";
import { firstDate, readCron } from "../../graph/index.ts";
import { type Duration, milliseconds } from "../duration.ts";
import { jsonProblem } from "../inputs/json-problem.ts";
import { unknownOption } from "../unknown-option.ts";
import { type DateInput, invalid, readDate, readTimeZone } from "./date-input.ts";

/** What every clock may be given. */
export interface ClockOptions {
  /** The zone whose clocks count, as in `"Europe/Zurich"`; default UTC. */
  readonly timeZone?: string;
  /** Parameters of the runs that this clock starts; a required parameter must have one here. */
  readonly parameterDefaults?: Readonly<Record<string, unknown>>;
  /** Labels of the runs that this clock starts, in place of the flow's. */
  readonly labels?: readonly string[];
}

interface BoundedOptions extends ClockOptions {
  /** The first time it may fire. Default: 2019-01-01. */
  readonly startDate?: DateInput;
  /** The last time it may fire. */
  readonly endDate?: DateInput;
}

export interface IntervalClockOptions extends BoundedOptions {
  /** From one run to the next, a minute at least: `"1h"`, `"2d"`, or milliseconds. */
  readonly interval: Duration;
}

export interface CronClockOptions extends BoundedOptions {
  /** false: a day must match the day of the month and the weekday; default: one of them is enough, as in cron. */
  readonly dayOr?: boolean;
}

/** One source of the times of a schedule. */
export interface Clock {
  describe(): ClockSpec;
}

/**
 * Fires again and again, one interval after the other, counted from its start date. From a day after the start on,
 * intervals are counted on the clocks of its time zone. Prefect 1.x: `IntervalClock`.
 *
 * @throws FlowRunnerError `SCHEDULE_INVALID`
 * @example new IntervalClock({ interval: "6h", startDate: "2026-01-01T03:00", timeZone: "Europe/Zurich" })
 */
export class IntervalClock implements Clock {
  readonly #spec: IntervalClockSpec;

  constructor(options: IntervalClockOptions) {
    const what = "IntervalClock";
    refuseUnknown(what, options, { ...boundedNames, interval: true });
    const interval = milliseconds(options.interval);
    if (interval === null)
      throw invalid(what, `interval "${options.interval}" is no time. Give "1h", "2d" and the like.`);
    // Prefect's sentence.
    if (interval < 60_000) throw invalid(what, "Interval can not be less than one minute.");
    this.#spec = { type: what, interval, ...bounds(what, options), ...ofEveryClock(what, options) };
  }

  describe(): IntervalClockSpec {
    return this.#spec;
  }
}

/**
 * Fires when the clocks of its time zone match a cron text: minute, hour, day, month, weekday, then perhaps second and
 * year; names, `L`, `W` and `#`, and nicknames such as `@daily`. Prefect 1.x: `CronClock`, in croniter's language.
 *
 * @throws FlowRunnerError `SCHEDULE_INVALID`
 * @example new CronClock("0 9 * * mon-fri", { timeZone: "America/New_York" })
 */
export class CronClock implements Clock {
  readonly #spec: CronClockSpec;

  constructor(cron: string, options: CronClockOptions = {}) {
    const what = "CronClock";
    refuseUnknown(what, options, { ...boundedNames, dayOr: true });
    if (typeof cron !== "string") throw invalid(what, 'it takes a cron text first, such as "0 9 * * *".');
    const read = readCron(cron);
    if ("problem" in read) throw invalid(what, `"${cron}": ${read.problem}.`);
    const { dayOr = true } = options;
    this.#spec = { type: what, cron, dayOr, ...bounds(what, options), ...ofEveryClock(what, options) };
  }

  describe(): CronClockSpec {
    return this.#spec;
  }
}

/**
 * Fires on the given dates. Prefect 1.x: `DatesClock`.
 *
 * @throws FlowRunnerError `SCHEDULE_INVALID`
 * @example new DatesClock(["2026-12-24T18:00", "2026-12-31T18:00"], { timeZone: "Europe/Zurich" })
 */
export class DatesClock implements Clock {
  readonly #spec: DatesClockSpec;

  constructor(dates: readonly DateInput[], options: ClockOptions = {}) {
    const what = "DatesClock";
    refuseUnknown(what, options, clockNames);
    if (!Array.isArray(dates) || dates.length === 0) throw invalid(what, "it takes a list of dates that is not empty.");
    const timeZone = readTimeZone(what, options.timeZone);
    const read = dates.map((date, at) => readDate(what, `dates[${at}]`, date, timeZone));
    this.#spec = { type: what, dates: read, ...ofEveryClock(what, options) };
  }

  describe(): DatesClockSpec {
    return this.#spec;
  }
}

const clockNames: Readonly<Record<keyof ClockOptions, true>> = {
  timeZone: true,
  parameterDefaults: true,
  labels: true,
};
const boundedNames: Readonly<Record<keyof BoundedOptions, true>> = { ...clockNames, startDate: true, endDate: true };

function refuseUnknown(what: string, options: object, known: Readonly<Record<string, true>>): void {
  const unknown = unknownOption(options, known);
  if (unknown !== null) throw invalid(what, `option ${unknown.name}: ${unknown.problem}`);
}

function bounds(what: string, options: BoundedOptions): { startDate: ZonedDate | null; endDate: ZonedDate | null } {
  const timeZone = readTimeZone(what, options.timeZone);
  const { startDate, endDate } = options;
  // The zone is the start's: a clock that names a zone alone starts where all do.
  const otherwise = options.timeZone === undefined ? null : { ...firstDate, tz: timeZone };
  return {
    startDate: startDate === undefined ? otherwise : readDate(what, "startDate", startDate, timeZone),
    endDate: endDate === undefined ? null : readDate(what, "endDate", endDate, timeZone),
  };
}

function ofEveryClock(what: string, { parameterDefaults = {}, labels }: ClockOptions) {
  const problem = jsonProblem(parameterDefaults);
  if (problem !== null) throw invalid(what, `parameterDefaults must be JSON, but ${problem}.`);
  return {
    parameterDefaults: { ...parameterDefaults } as ClockSpec["parameterDefaults"],
    labels: labels === undefined ? null : [...new Set(labels)].sort(),
  };
}
