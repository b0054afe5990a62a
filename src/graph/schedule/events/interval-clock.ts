import type { IntervalClockSpec } from "../schedule.ts";
import { firstDate, instantAt, instantOf } from "../zoned-date.ts";
import { inOrder } from "./in-order.ts";

const day = 86_400_000;

/**
 * The times of an interval clock after an instant. Up to a day after the start, intervals are elapsed time; from then on
 * they are counted on the clocks of the start's zone, so that 9 o'clock stays 9 o'clock.
 *
 * Prefect 1.x: `IntervalClock.events`, as its code does it; its documentation says that intervals below a day follow UTC.
 */
export function* intervalInstants(clock: IntervalClockSpec, after: number): Generator<number> {
  for (const instant of inOrder(counted(clock, after))) if (instant > after) yield instant;
}

/** From a day and a half before, since the clocks may have been changed since the start. */
function* counted({ startDate, interval }: IntervalClockSpec, after: number): Generator<number> {
  const date = startDate ?? firstDate;
  const start = instantOf(date);
  const wall = Temporal.PlainDateTime.from(date.dt);
  for (let count = Math.max(0, Math.floor((after - start - 1.5 * day) / interval)); ; count += 1) {
    const milliseconds = count * interval;
    yield milliseconds < day ? start + milliseconds : instantAt(wall.add({ milliseconds }), date.tz);
  }
}
