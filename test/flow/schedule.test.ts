import { describe, expect, test } from "vitest";
import {
  CronClock,
  CronSchedule,
  DatesClock,
  flow,
  IntervalClock,
  IntervalSchedule,
  parameter,
  Schedule,
  task,
} from "../../src/index.ts";

const show = task("show", ({ day }: { day: string }) => day);
const build = () => show({ day: parameter("day", { default: "today" }) });

describe("a schedule", () => {
  test("is part of the flow's graph", () => {
    const schedule = new CronSchedule("0 9 * * mon-fri", { timeZone: "Europe/Zurich" });
    expect(flow("daily", build, { schedule }).graph.schedule).toEqual({
      clocks: [
        {
          ...{ type: "CronClock", cron: "0 9 * * mon-fri", dayOr: true, endDate: null },
          ...{ startDate: { dt: "2019-01-01T00:00:00", tz: "Europe/Zurich" }, parameterDefaults: {}, labels: null },
        },
      ],
    });
    expect(flow("by hand", build).graph.schedule).toBeNull();
  });

  test("is not waited for by run", async () => {
    const schedule = new IntervalSchedule({ interval: "1d", startDate: "2999-01-01" });
    const run = await flow("daily", build, { schedule }).run();
    expect(run.state.type).toBe("Success");
  });

  test("tells its next times", async () => {
    const schedule = new CronSchedule("30 6 1 * *", { timeZone: "Asia/Tokyo" });
    expect(await schedule.next(2, new Date("2026-01-15T00:00:00Z"))).toEqual([
      new Date("2026-01-31T21:30:00Z"),
      new Date("2026-02-28T21:30:00Z"),
    ]);
    expect((await schedule.next(1))[0]?.getTime()).toBeGreaterThan(Date.now());
  });

  test("refuses a default for a parameter that the flow does not have", () => {
    const schedule = new CronSchedule("@daily", { parameterDefaults: { dya: "today" } });
    expect(() => flow("daily", build, { schedule })).toThrow(
      'Flow "daily": option schedule: a clock has a default for "dya", which is no parameter of the flow.',
    );
  });

  test("refuses what is no schedule", () => {
    expect(() => flow("daily", build, { schedule: "@daily" as unknown as Schedule })).toThrow(/must be a Schedule/);
    expect(() => new Schedule({ clocks: [] })).toThrow(/clocks must be a list of clocks/);
    expect(() => new Schedule({ clocks: ["@daily"] as never })).toThrow(/must be an IntervalClock, a CronClock/);
  });
});

describe("the dates of a clock", () => {
  const startOf = (startDate: string | Date, timeZone?: string) =>
    new IntervalClock({ interval: "1h", startDate, ...(timeZone === undefined ? {} : { timeZone }) }).describe()
      .startDate;

  test("a text without an offset is what the clocks of the zone show", () => {
    expect(startOf("2026-07-01T09:00", "America/New_York")).toEqual({
      dt: "2026-07-01T09:00:00",
      tz: "America/New_York",
    });
    expect(startOf("2026-07-01")).toEqual({ dt: "2026-07-01T00:00:00", tz: "UTC" });
  });

  test("a moment is told by the clocks of the zone", () => {
    const expected = { dt: "2026-07-01T09:00:00", tz: "America/New_York" };
    expect(startOf("2026-07-01T15:00:00+02:00", "America/New_York")).toEqual(expected);
    expect(startOf(new Date("2026-07-01T13:00:00Z"), "America/New_York")).toEqual(expected);
  });

  test("the first of two moments that the clocks show alike keeps its time, in UTC", () => {
    const dates = ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"];
    expect(new DatesClock(dates, { timeZone: "America/New_York" }).describe().dates).toEqual([
      { dt: "2026-11-01T05:30:00", tz: "UTC" },
      { dt: "2026-11-01T01:30:00", tz: "America/New_York" },
    ]);
  });
});

test.each([
  ["an interval below a minute", () => new IntervalClock({ interval: "59s" }), /less than one minute/],
  ["an interval that is none", () => new IntervalClock({ interval: "1 hour" as never }), /"1 hour" is no time/],
  [
    "a cron text that is none",
    () => new CronClock("61 * * * *"),
    /CronClock: "61 \* \* \* \*": minute 61 is not between/,
  ],
  ["a zone that is none", () => new CronClock("@daily", { timeZone: "Europe/Zürich" }), /is no time zone/],
  ["an offset as a zone", () => new CronClock("@daily", { timeZone: "+02:00" }), /is no time zone/],
  ["a date that is none", () => new CronClock("@daily", { startDate: "tomorrow" }), /startDate: "tomorrow" is no date/],
  ["an invalid Date", () => new DatesClock([new Date("x")]), /dates\[0\]: an invalid Date is no date/],
  ["no dates", () => new DatesClock([]), /a list of dates that is not empty/],
  [
    "a slip of the pen",
    () => new CronClock("@daily", { timezone: "UTC" } as never),
    /option timezone: there is no such/,
  ],
  [
    "what is no JSON",
    () => new CronClock("@daily", { parameterDefaults: { f: () => 1 } }),
    /parameterDefaults must be/,
  ],
])("%s is refused", (_, make, problem) => {
  expect(make).toThrow(problem);
});
