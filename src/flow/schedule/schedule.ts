import type { ScheduleSpec } from "../../graph/index.ts";
import { type Clock, CronClock, type CronClockOptions, IntervalClock, type IntervalClockOptions } from "./clocks.ts";
import { invalid } from "./date-input.ts";

export interface ScheduleOptions {
  /** Where its times come from, one clock at least. */
  readonly clocks: readonly Clock[];
}

/**
 * When an API starts runs of a flow by itself. It is registered with the flow; `flow.run()` never waits for it.
 * Prefect 1.x: `Schedule`.
 *
 * @throws FlowRunnerError `SCHEDULE_INVALID`
 * @example
 * ```ts
 * flow("weather", build, {
 *   schedule: new Schedule({
 *     clocks: [
 *       new CronClock("0 6 * * *", { parameterDefaults: { stations: ["Seattle"] } }),
 *       new CronClock("0 7 * * *", { parameterDefaults: { stations: ["New York"] } }),
 *     ],
 *   }),
 * });
 * ```
 */
export class Schedule {
  readonly #clocks: readonly Clock[];

  constructor({ clocks }: ScheduleOptions) {
    if (!Array.isArray(clocks) || clocks.length === 0) throw invalid("Schedule", "clocks must be a list of clocks.");
    if (!clocks.every((clock) => typeof clock?.describe === "function")) {
      throw invalid("Schedule", "clocks must be an IntervalClock, a CronClock or a DatesClock each.");
    }
    this.#clocks = clocks;
  }

  describe(): ScheduleSpec {
    return { clocks: this.#clocks.map((clock) => clock.describe()) };
  }

  /**
   * The next times; fewer than `count` where the schedule ends before.
   *
   * @param after Left out: now.
   */
  async next(count: number, after: Date = new Date()): Promise<Date[]> {
    const { nextEvents } = await import("../../graph/schedules.ts");
    return nextEvents(this.describe(), count, after.getTime()).map(({ startTime }) => new Date(startTime));
  }
}

/**
 * A schedule of one interval clock.
 *
 * @example new IntervalSchedule({ interval: "1d", startDate: "2026-01-01T06:00", timeZone: "Europe/Zurich" })
 */
export class IntervalSchedule extends Schedule {
  constructor(options: IntervalClockOptions) {
    super({ clocks: [new IntervalClock(options)] });
  }
}

/**
 * A schedule of one cron clock.
 *
 * @example new CronSchedule("0 9 * * mon-fri", { timeZone: "America/New_York" })
 */
export class CronSchedule extends Schedule {
  constructor(cron: string, options: CronClockOptions = {}) {
    super({ clocks: [new CronClock(cron, options)] });
  }
}
