import type { LogLevel, LogRecord } from "../../engine/index.ts";
import { levelColour, type Paint } from "./paint.ts";
import { printable } from "./words.ts";

const levels: readonly LogLevel[] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** Whether a record is to be shown where records below `least` are not. */
export const isShown = (level: LogLevel, least: LogLevel): boolean => levels.indexOf(level) >= levels.indexOf(least);

/** A log record for a reader: `12:03:44.120 INFO  fetch day[3] | message`; further lines are indented under it. */
export function logLine({ time, level, name, message }: LogRecord, paint: Paint): string {
  const clock = new Date(time).toTimeString().slice(0, 8);
  const source = printable(name).replace(/^prefect\./, "");
  const text = printable(message).trimEnd().replaceAll("\n", "\n    ");
  return `${paint("gray", clock)} ${paint(levelColour[level], level.padEnd(8))} ${paint("gray", `${source} |`)} ${text}`;
}
