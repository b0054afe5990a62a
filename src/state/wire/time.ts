/**
 * Writes epoch milliseconds as Prefect does: ISO 8601, UTC, microseconds.
 *
 * @example
 * ```ts
 * toWireTime(1577934245678.901); // "2020-01-02T03:04:05.678901+00:00"
 * ```
 */
export function toWireTime(time: number): string {
  const microseconds = Math.round(time * 1_000);
  const milliseconds = Math.floor(microseconds / 1_000);
  const rest = String(microseconds - milliseconds * 1_000).padStart(3, "0");
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${rest}+00:00`;
}

const shape = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads an ISO 8601 time as epoch milliseconds; microseconds are the fraction. A time without an offset is UTC, as in
 * Prefect. Null: this is no time.
 */
export function fromWireTime(text: string): number | null {
  const found = shape.exec(text);
  if (found === null) return null;
  const [, day, clock, fraction = "", offset = "Z"] = found;
  const whole = Date.parse(
    `${day}T${clock}${offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset}`,
  );
  if (Number.isNaN(whole)) return null;
  const microseconds = Number(fraction.slice(0, 6).padEnd(6, "0"));
  // Divided once, so that what `toWireTime` writes is read back to the microsecond.
  return (whole * 1_000 + microseconds) / 1_000;
}
