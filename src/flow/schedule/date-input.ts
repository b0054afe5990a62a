import { FlowRunnerError } from "../../errors/index.ts";
import { isoText, isTimeZone, type ZonedDate, zonedDate } from "../../graph/index.ts";

/**
 * A date of a schedule: a moment (a `Date`, or ISO 8601 with an offset), or ISO 8601 without an offset, which is what
 * the clocks of the time zone show.
 */
export type DateInput = Date | string;

/** @throws FlowRunnerError `SCHEDULE_INVALID` */
export function readTimeZone(what: string, timeZone: string | undefined): string {
  if (timeZone === undefined) return "UTC";
  // Prefect knows zones by these names only.
  if (typeof timeZone === "string" && /^[A-Za-z]/.test(timeZone) && isTimeZone(timeZone)) return timeZone;
  throw invalid(what, `timeZone "${timeZone}" is no time zone. Name it as in "Europe/Zurich" or "UTC".`);
}

/** @throws FlowRunnerError `SCHEDULE_INVALID` */
export function readDate(what: string, option: string, given: DateInput, timeZone: string): ZonedDate {
  const date = given instanceof Date ? fromMoment(given.getTime(), timeZone) : fromText(given, timeZone);
  if (date !== null) return date;
  const text = given instanceof Date ? "an invalid Date" : JSON.stringify(given);
  throw invalid(what, `${option}: ${text} is no date. Give a Date, or a text like "2026-03-01T09:00".`);
}

export const invalid = (what: string, problem: string) => new FlowRunnerError("SCHEDULE_INVALID", { what, problem });

const fromMoment = (instant: number, timeZone: string): ZonedDate | null =>
  Number.isNaN(instant) ? null : zonedDate(instant, timeZone);

function fromText(text: string, timeZone: string): ZonedDate | null {
  if (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) && text.includes("T")) return fromMoment(Date.parse(text), timeZone);
  try {
    return { dt: isoText(Temporal.PlainDateTime.from(text)), tz: timeZone };
  } catch {
    return null;
  }
}
