import { fromWireTime, toWireTime } from "../../state/index.ts";

const wholeDay = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Any ISO 8601 time as UTC with microseconds, the form in which times are kept: as text, they sort by time.
 *
 * @throws TypeError when it is no time.
 */
export function canonicalTime(value: unknown): string {
  const time = typeof value === "string" ? fromWireTime(wholeDay.test(value) ? `${value}T00:00:00` : value) : null;
  if (time === null) throw new TypeError(`Could not parse DateTime: ${JSON.stringify(value)}`);
  return toWireTime(time);
}

/** A number of seconds as Postgres writes an interval: `00:00:01`, `26:30:00`, `00:00:00.25`. */
export function interval(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (part: number): string => String(part).padStart(2, "0");
  const fraction = Math.round((seconds - whole) * 1_000_000);
  const rest = fraction === 0 ? "" : `.${String(fraction).padStart(6, "0").replace(/0+$/, "")}`;
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}${rest}`;
}
