import type { ClockSpec, ScheduleSpec } from "../schedule.ts";
import { instantOf } from "../zoned-date.ts";
import { cronInstants } from "./cron-clock.ts";
import { intervalInstants } from "./interval-clock.ts";

/** A time at which a schedule starts a run, and what its clock gives the run. */
export interface ScheduleEvent {
  /** Epoch milliseconds. */
  readonly startTime: number;
  readonly parameterDefaults: Readonly<Record<string, unknown>>;
  readonly labels: readonly string[] | null;
}

/**
 * The next events of a schedule, in order; fewer than `count` where it ends before. Two clocks that fire at once are one
 * event, unless they differ in parameters or labels.
 *
 * @param after Epoch milliseconds; the first event is later.
 * @example nextEvents(graph.schedule, 10, Date.now())
 */
export function nextEvents({ clocks }: ScheduleSpec, count: number, after: number): ScheduleEvent[] {
  const sources = clocks.map((clock) => ({ clock, instants: untilEnd(clock, after) }));
  const heads = sources.map(({ instants }) => instants.next());
  const events: ScheduleEvent[] = [];
  while (events.length < count) {
    const first = earliest(heads);
    const source = sources[first];
    const head = heads[first];
    if (source === undefined || head === undefined || head.done === true) break;
    const { parameterDefaults, labels } = source.clock;
    const event = { startTime: head.value, parameterDefaults, labels };
    if (!isSame(events.at(-1), event)) events.push(event);
    heads[first] = source.instants.next();
  }
  return events;
}

function* untilEnd(clock: ClockSpec, after: number): Generator<number, undefined> {
  const end =
    clock.type === "DatesClock" || clock.endDate === null ? Number.POSITIVE_INFINITY : instantOf(clock.endDate);
  for (const instant of instantsOf(clock, after)) {
    if (instant > end) return;
    yield instant;
  }
}

function instantsOf(clock: ClockSpec, after: number): Iterable<number> {
  switch (clock.type) {
    case "IntervalClock":
      return intervalInstants(clock, after);
    case "CronClock":
      return cronInstants(clock, after);
    case "DatesClock":
      return clock.dates
        .map(instantOf)
        .filter((instant) => instant > after)
        .sort((a, b) => a - b);
  }
}

/** The place of the earliest; of several the first. -1: there is none. */
function earliest(heads: readonly IteratorResult<number, undefined>[]): number {
  let found = -1;
  let time = Number.POSITIVE_INFINITY;
  for (const [at, head] of heads.entries()) {
    if (head.done !== true && head.value < time) [found, time] = [at, head.value];
  }
  return found;
}

const isSame = (one: ScheduleEvent | undefined, other: ScheduleEvent): boolean =>
  one?.startTime === other.startTime && JSON.stringify(one) === JSON.stringify(other);
