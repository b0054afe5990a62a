/** The days that Prefect puts into the context of a run: ISO dates in UTC, also without dashes. */
export interface RunDates {
  /** The moment the run was scheduled for. */
  readonly scheduledStartTime: Date;
  /** The moment that the days below are counted from: the scheduled one, unless the run's context has a `date`. */
  readonly date: Date;
  /** `2012-01-31`. */
  readonly today: string;
  readonly yesterday: string;
  readonly tomorrow: string;
  /** `20120131`. */
  readonly todayNodash: string;
  readonly yesterdayNodash: string;
  readonly tomorrowNodash: string;
}

const dayLength = 86_400_000;

/**
 * The days around a run. Prefect 1.x: a `date` in the run's context is what the days are counted from, else now; here
 * it is the scheduled start, so that a run that starts late, or is resumed on another day, means the same day.
 *
 * @param scheduledStartTime Epoch milliseconds.
 * @param date Epoch milliseconds; overrides what the days are counted from.
 */
export function runDates(scheduledStartTime: number, date: number = scheduledStartTime): RunDates {
  const day = (offset: number): string => new Date(date + offset * dayLength).toISOString().slice(0, 10);
  const nodash = (text: string): string => text.replaceAll("-", "");
  const [yesterday, today, tomorrow] = [day(-1), day(0), day(1)];
  return {
    scheduledStartTime: new Date(scheduledStartTime),
    date: new Date(date),
    today,
    yesterday,
    tomorrow,
    todayNodash: nodash(today),
    yesterdayNodash: nodash(yesterday),
    tomorrowNodash: nodash(tomorrow),
  };
}
