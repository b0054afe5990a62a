/**
 * Reads a Retry-After header, which has seconds (also parts of one) or a date, as milliseconds; null: it says nothing.
 *
 * @param now - by the clock of whoever has written a date: the server's own
 */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
