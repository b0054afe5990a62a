import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inOrder } from "../../../src/graph/schedule/events/in-order.ts";
import { nextEvents } from "../../../src/graph/schedule/events/next-events.ts";
import { CronClock, DatesClock, IntervalClock, Schedule } from "../../../src/index.ts";

const zones = ["UTC", "America/New_York", "Europe/Zurich", "Australia/Lord_Howe", "Pacific/Apia"];
const crons = ["* * * * *", "*/7 * * * *", "30 2 * * *", "0 0 * * mon", "0 12 L * *", "15 1,2,3 * * *"];
const year2026 = Date.parse("2026-01-01T00:00:00Z");
const aYear = 365 * 86_400_000;

const clocks = fc.oneof(
  fc
    .record({ cron: fc.constantFrom(...crons), timeZone: fc.constantFrom(...zones) })
    .map(({ cron, timeZone }) => new CronClock(cron, { timeZone })),
  fc
    .record({ interval: fc.integer({ min: 60_000, max: 200_000_000 }), timeZone: fc.constantFrom(...zones) })
    .map((options) => new IntervalClock(options)),
);
const moments = fc.integer({ min: 0, max: aYear }).map((offset) => year2026 + offset);

const times = (schedule: Schedule, count: number, after: number): number[] =>
  nextEvents(schedule.describe(), count, after).map(({ startTime }) => startTime);

describe("the events of a schedule", () => {
  test("are later than the time asked for, in order, and each once", () => {
    fc.assert(
      fc.property(fc.array(clocks, { minLength: 1, maxLength: 3 }), moments, (some, after) => {
        const found = times(new Schedule({ clocks: some }), 20, after);
        expect(found).toHaveLength(20);
        expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
        expect(found[0]).toBeGreaterThan(after);
      }),
      { numRuns: 100 },
    );
  });

  test("go on where they were left: what comes after the fifth is the sixth", () => {
    fc.assert(
      fc.property(clocks, moments, (clock, after) => {
        const schedule = new Schedule({ clocks: [clock] });
        const [whole, start] = [times(schedule, 10, after), times(schedule, 5, after)];
        expect([...start, ...times(schedule, 5, start.at(-1) ?? after)]).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  test("end with the last clock", () => {
    const schedule = new Schedule({
      clocks: [
        new CronClock("0 6 * * *", { endDate: "2026-01-02T06:00" }),
        new DatesClock(["2026-01-01T07:00", "2026-03-01"]),
      ],
    });
    expect(times(schedule, 10, year2026).map((time) => new Date(time).toISOString())).toEqual([
      "2026-01-01T06:00:00.000Z",
      "2026-01-01T07:00:00.000Z",
      "2026-01-02T06:00:00.000Z",
      "2026-03-01T00:00:00.000Z",
    ]);
  });

  test("are none where no day matches", () => {
    expect(times(new Schedule({ clocks: [new CronClock("0 0 31 2 *")] }), 5, year2026)).toEqual([]);
  });

  test("carry the parameters and labels of their clock; two that differ in them are two", () => {
    const schedule = new Schedule({
      clocks: [
        new CronClock("0 6 * * *", { parameterDefaults: { station: "Seattle" } }),
        new CronClock("0 6 * * *", { labels: ["east", "big", "big"] }),
        new CronClock("0 6 * * *", { labels: ["big", "east"] }),
      ],
    });
    expect(nextEvents(schedule.describe(), 2, year2026)).toEqual([
      { startTime: year2026 + 6 * 3_600_000, parameterDefaults: { station: "Seattle" }, labels: null },
      { startTime: year2026 + 6 * 3_600_000, parameterDefaults: {}, labels: ["big", "east"] },
    ]);
  });
});

test("instants that come a day out of order are put in order, each once", () => {
  const shuffled = fc.array(fc.tuple(fc.nat(1_000), fc.nat(24)), { maxLength: 50 }).map((pairs) => {
    const hours = pairs.map(([hour]) => hour).sort((a, b) => a - b);
    return hours.map((hour, at) => (hour - (pairs[at]?.[1] ?? 0) / 2) * 3_600_000);
  });
  fc.assert(
    fc.property(shuffled, (instants) => {
      expect([...inOrder(instants)]).toEqual([...new Set(instants)].sort((a, b) => a - b));
    }),
  );
});
