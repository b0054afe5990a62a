import { Cron } from "croner";
import { readCron } from "../cron-pattern.ts";
import type { CronClockSpec } from "../schedule.ts";
import { firstDate, instantAt, instantOf, wallAt } from "../zoned-date.ts";

/**
 * The times of a cron clock after an instant, by the clocks of its start's zone. Times that the clocks skip fire once,
 * when they have been put forward; those that come twice fire the second time, so that an hourly clock pauses then.
 *
 * Prefect 1.x: `CronClock.events` with croniter. The calendar is asked for as if there was no zone, since croner has
 * other rules where the clocks change.
 */
export function* cronInstants({ cron, dayOr, startDate }: CronClockSpec, after: number): Generator<number> {
  const read = readCron(cron);
  if ("problem" in read) return;
  const { tz } = startDate ?? firstDate;
  const calendar = new Cron(read.pattern, { timezone: "UTC", domAndDow: !dayOr, paused: true });
  // Its own start is one of its times when it matches.
  const from = startDate === null ? after : Math.max(after, instantOf(startDate) - 1);
  let wall = wallAt(from, tz);
  for (;;) {
    const next = calendar.nextRun(new Date(wall.toZonedDateTime("UTC").epochMilliseconds));
    if (next === null) return;
    const instant = onClocks(wallAt(next.getTime(), "UTC"), tz);
    wall = wallAt(instant, tz);
    if (instant > from) yield instant;
  }
}

/** A time that the clocks skip is the moment at which they go on. */
function onClocks(wall: Temporal.PlainDateTime, tz: string): number {
  const instant = instantAt(wall, tz);
  if (wallAt(instant, tz).equals(wall)) return instant;
  const before = wall.toZonedDateTime(tz, { disambiguation: "earlier" });
  return before.getTimeZoneTransition("next")?.epochMilliseconds ?? instant;
}
