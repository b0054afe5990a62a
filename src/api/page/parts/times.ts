import { useEffect, useState } from "preact/hooks";
import type { RunRow } from "../../live/view.ts";
import { durationText } from "./duration.ts";
import { isOver } from "./state.tsx";

/** How far the API's clock is ahead of the browser's, milliseconds. */
export const aheadOf = (now: number): number => now - Date.now();

/** The API's time, again each second while something goes on. */
export function useNow(ahead: number, isTicking: boolean): number {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => tick((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return Date.now() + ahead;
}

/** How long a run took, or has taken until now; empty when it has not begun. */
export function elapsedText(
  { state, started, ended }: Pick<RunRow, "state" | "started" | "ended">,
  now: number,
): string {
  if (started === null) return "";
  return durationText((isOver(state) ? (ended ?? started) : now) - started);
}

const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

/** A time of today without its day. */
export const timeText = (time: number, now: number): string =>
  sameDay(time, now) ? clock.format(time) : dayAndTime.format(time);

export const wholeTimeText = (time: number): string => dayAndTime.format(time);

/** `12:03:44.120`, for lines of a log. */
export function lineTimeText(time: number): string {
  const at = new Date(time);
  const pad = (part: number, digits = 2): string => String(part).padStart(digits, "0");
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}
