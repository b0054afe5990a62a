import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milliseconds } from "../../src/flow/duration.ts";
import { runDates } from "../../src/flow/index.ts";

describe("durations", () => {
  it.each([
    ["500ms", 500],
    ["10s", 10_000],
    ["5m", 300_000],
    ["1.5h", 5_400_000],
    ["2d", 172_800_000],
    [" 3 s ", 3_000],
    [250, 250],
    [0, 0],
  ])("%j is %d ms", (duration, expected) => expect(milliseconds(duration)).toBe(expected));

  it.each(["10", "s", "10 parsecs", "-1s", "1e3s", "1s2m", "", -1, Number.NaN, Number.POSITIVE_INFINITY, null, {}])(
    "%j is none",
    (duration) => expect(milliseconds(duration)).toBeNull(),
  );
});

describe("run dates", () => {
  it("are the days around the scheduled start, in UTC", () => {
    expect(runDates(Date.UTC(2012, 2, 1, 0, 30))).toEqual({
      scheduledStartTime: new Date("2012-03-01T00:30:00Z"),
      date: new Date("2012-03-01T00:30:00Z"),
      yesterday: "2012-02-29",
      today: "2012-03-01",
      tomorrow: "2012-03-02",
      yesterdayNodash: "20120229",
      todayNodash: "20120301",
      tomorrowNodash: "20120302",
    });
  });

  it("follow a date of the user's own", () => {
    const dates = runDates(Date.UTC(2012, 0, 1), Date.UTC(2020, 11, 31, 23));
    expect(dates).toMatchObject({ today: "2020-12-31", tomorrow: "2021-01-01" });
    expect(dates.scheduledStartTime.toISOString()).toBe("2012-01-01T00:00:00.000Z");
  });

  it("are three days in a row on any day", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1970-01-02"), max: new Date("2999-12-30"), noInvalidDate: true }),
        (date) => {
          const { yesterday, today, tomorrow } = runDates(date.getTime());
          expect(Date.parse(today) - Date.parse(yesterday)).toBe(86_400_000);
          expect(Date.parse(tomorrow) - Date.parse(today)).toBe(86_400_000);
        },
      ),
    );
  });
});
