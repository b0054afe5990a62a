import { stripVTControlCharacters } from "node:util";

const numbers = new Intl.NumberFormat("en-US");

/** `1,000`. */
export const countText = (count: number): string => numbers.format(count);

/**
 * A length of time for a reader: `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 02 min`.
 *
 * @param ms Milliseconds.
 */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/**
 * Text of the flow's own, made safe for a terminal: a task's name or a log line must not move the cursor, change
 * colours or the window's title. Line ends and tabs stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\t\n]/gu, "\u{fffd}");
}

/** One line of at most `width` characters; what is cut off is marked by an ellipsis. */
export function clip(text: string, width: number): string {
  const line = printable(text).replaceAll(/\s*\n\s*/g, " ");
  const characters = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
