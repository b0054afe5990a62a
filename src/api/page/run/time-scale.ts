import { durationText } from "../parts/duration.ts";

/** A stretch of time on a line from 0 to 1. */
export interface TimeScale {
  readonly from: number;
  readonly to: number;
  readonly place: (time: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

const mostTicks = 5;
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12, 24, 48, 120, 240].map((count) => count * hour),
];

export function timeScale(from: number, to: number): TimeScale {
  const length = Math.max(1, to - from);
  const step = steps.find((each) => length / each <= mostTicks) ?? length / mostTicks;
  const count = Math.floor(length / step);
  return {
    ...{ from, to: from + length },
    place: (time) => Math.min(1, Math.max(0, (time - from) / length)),
    ticks: Array.from({ length: count + 1 }, (_, at) => ({
      at: (at * step) / length,
      text: at === 0 ? "0" : `+${durationText(at * step)}`,
    })),
  };
}
