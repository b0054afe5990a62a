import type { ZonedDate } from "./schedule.ts";

/** Where a clock that names no start begins to count. Prefect 1.x: 2019-01-01 in UTC. */
export const firstDate: ZonedDate = { dt: "2019-01-01T00:00:00", tz: "UTC" };

/**
 * The instant of a date, in epoch milliseconds. What the clocks skip is as much later as they skip; of what comes twice
 * it is the second. Prefect 1.x: pendulum's rule.
 */
export const instantOf = ({ dt, tz }: ZonedDate): number => instantAt(Temporal.PlainDateTime.from(dt), tz);

/** The same for a time on the clocks of a zone. */
export const instantAt = (wall: Temporal.PlainDateTime, tz: string): number =>
  wall.toZonedDateTime(tz, { disambiguation: "later" }).epochMilliseconds;

/** What the clocks of a zone show at an instant. */
export const wallAt = (instant: number, tz: string): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz).toPlainDateTime();

/** An instant as a date in a zone; in UTC where the zone's clocks show that time twice and it is the first of the two. */
export function zonedDate(instant: number, tz: string): ZonedDate {
  const date = { dt: isoText(wallAt(instant, tz)), tz };
  return instantOf(date) === instant ? date : { dt: isoText(wallAt(instant, "UTC")), tz: "UTC" };
}

/** With seconds always, as pendulum writes it. */
export const isoText = (wall: Temporal.PlainDateTime): string => wall.round("millisecond").toString();

/** Whether the clocks of some place go by this name. */
export function isTimeZone(tz: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(tz);
    return true;
  } catch {
    return false;
  }
}
