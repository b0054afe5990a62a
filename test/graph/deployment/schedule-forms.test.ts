import { describe, expect, it } from "vitest";
import { deploymentSchedules } from "../../../src/graph/index.ts";
import { CronClock, DatesClock, IntervalClock, Schedule } from "../../../src/index.ts";

const now = Date.parse("2026-06-01T00:00:00Z");
const formsOf = (...clocks: (CronClock | IntervalClock | DatesClock)[]) =>
  deploymentSchedules({ name: "weather", schedule: new Schedule({ clocks }).describe() }, now);

describe("a flow's schedule in Prefect 3's form", () => {
  it("is one for each clock, with its parameters", () => {
    const zurich = { timeZone: "Europe/Zurich" };
    const forms = formsOf(
      new CronClock("0 6 * * mon-fri", { ...zurich, parameterDefaults: { stations: ["Seattle"] } }),
      new IntervalClock({ interval: "90m", startDate: "2026-01-01T03:00", ...zurich }),
    );
    expect(forms).toEqual([
      {
        schedule: { cron: "0 6 * * mon-fri", timezone: "Europe/Zurich", day_or: true },
        active: true,
        parameters: { stations: ["Seattle"] },
      },
      {
        schedule: { interval: 5400, anchor_date: "2026-01-01T02:00:00.000Z", timezone: "Europe/Zurich" },
        active: true,
        parameters: {},
      },
    ]);
  });

  it("is a recurrence rule where an interval begins or ends, and for dates", () => {
    const rules = formsOf(
      new IntervalClock({ interval: "2d", startDate: "2026-07-01T09:00", timeZone: "Europe/Zurich" }),
      new IntervalClock({ interval: "1h", startDate: "2026-01-01T00:00", endDate: "2026-12-31T00:00" }),
      new DatesClock(["2026-12-24T18:00", "2026-12-31T18:00"], { timeZone: "Europe/Zurich" }),
    );
    expect(rules.map(({ schedule }) => schedule)).toEqual([
      { rrule: "DTSTART:20260701T090000\nRRULE:FREQ=DAILY;INTERVAL=2", timezone: "Europe/Zurich" },
      {
        rrule: "DTSTART:20260101T000000\nRRULE:FREQ=SECONDLY;INTERVAL=3600;UNTIL=20261231T000000",
        timezone: "UTC",
      },
      { rrule: "RDATE:20261224T180000\nRDATE:20261231T180000", timezone: "Europe/Zurich" },
    ]);
  });

  it("is refused for a cron text that begins or ends", () => {
    expect(() => formsOf(new CronClock("0 6 * * *", { endDate: "2026-12-31" }))).toThrow(
      'The cron clock "0 6 * * *" of "weather" has the option endDate, which Prefect 3 does not know',
    );
    expect(() => formsOf(new CronClock("0 6 * * *", { startDate: "2026-07-01" }))).toThrow(/option startDate/);
    expect(formsOf(new CronClock("0 6 * * *", { startDate: "2026-05-01" }))).toHaveLength(1);
  });
});
