import { beforeAll, describe, expect, test } from "vitest";
import { scheduleForm } from "../../src/graph/registration/schedule/schedule-form.ts";
import { nextEvents } from "../../src/graph/schedule/events/next-events.ts";
import {
  CronClock,
  type CronClockOptions,
  CronSchedule,
  DatesClock,
  IntervalClock,
  type IntervalClockOptions,
  IntervalSchedule,
  Schedule,
} from "../../src/index.ts";
import { askPrefect } from "./prefect-python.ts";
import { prefectVenv } from "./prefect-venv.ts";

/** The judge: the schedules of the real Prefect 1.4.1, asked in one process. */
interface Case {
  readonly name: string;
  readonly schedule: Schedule;
  readonly after: string;
}

const newYork = "America/New_York";
const spring = "2026-03-07T05:30:00Z";
const autumn = "2026-10-31T03:30:00Z";

const cron = (text: string, options: CronClockOptions = {}, after = spring): Case => ({
  name: `cron ${text} ${JSON.stringify(options)} after ${after}`,
  schedule: new CronSchedule(text, options),
  after,
});
const every = (options: IntervalClockOptions, after = spring): Case => ({
  name: `every ${JSON.stringify(options)} after ${after}`,
  schedule: new IntervalSchedule(options),
  after,
});
const whole = (name: string, schedule: Schedule, after = spring): Case => ({ name, schedule, after });

const cases: readonly Case[] = [
  cron("*/15 * * * *"),
  cron("0 * * * *", { timeZone: newYork }),
  cron("0 * * * *", { timeZone: newYork }, autumn),
  cron("*/20 * * * *", { timeZone: newYork }, "2026-03-08T06:10:00Z"),
  cron("*/20 * * * *", { timeZone: newYork }, "2026-11-01T05:10:00Z"),
  cron("*/20 * * * *", { timeZone: newYork }, "2026-11-01T06:10:00Z"),
  cron("30 2 * * *", { timeZone: newYork }),
  cron("*/15 2 * * *", { timeZone: newYork }),
  cron("30 1 * * *", { timeZone: newYork }, autumn),
  cron("0 9 * * mon-fri", { timeZone: "Europe/Zurich" }),
  cron("45 2 * * *", { timeZone: "Europe/Zurich" }, "2026-03-27T12:00:00Z"),
  cron("*/10 * * * *", { timeZone: "Australia/Lord_Howe" }, "2026-10-03T14:00:00Z"),
  cron("0 0 * * *", { timeZone: "America/Santiago" }, "2026-09-04T00:00:00Z"),
  cron("0 0 * * *", { timeZone: "America/Santiago" }, "2026-04-03T00:00:00Z"),
  cron("0 12 * * *", { timeZone: "Asia/Kathmandu" }),
  cron("0 9 1,15 * 1"),
  cron("0 9 1-7 * 1", { dayOr: false }),
  cron("0 9 */10 * 1"),
  cron("0 0 */1 * 1"),
  cron("0 0 1-31 * */2"),
  cron("0 0 29 2 *"),
  cron("0 0 31 * *"),
  cron("0 0 L * *", { timeZone: newYork }),
  cron("0 0 15,L * *"),
  cron("0 0 * * L5"),
  cron("0 0 * * 5#2,1#1"),
  cron("0 0 1W * *"),
  cron("0 22-4/3 * * *", { timeZone: newYork }),
  cron("0 0 * * FRI-MON"),
  cron("0 0 ? OCT-FEB 7"),
  cron("5/25 */7 * * *"),
  cron("0 0 * * 1 30"),
  cron("0 0 1 1-12/5 * 0 2027-2030"),
  cron("@daily", { timeZone: newYork }),
  cron("@weekly"),
  cron("@yearly"),
  cron("0 6 * * *", { startDate: "2026-05-01T06:00", endDate: "2026-05-20T06:00", timeZone: newYork }),
  cron("0 6 * * *", { startDate: "2026-05-01T06:00:00.001", timeZone: newYork }),
  every({ interval: "1m" }),
  every({ interval: "7h" }, autumn),
  every({ interval: "1h", timeZone: newYork }),
  every({ interval: "1h", timeZone: newYork }, autumn),
  every({ interval: "45m", timeZone: newYork }, "2026-03-07T12:00:00Z"),
  every({ interval: "30m", timeZone: newYork }, "2026-10-31T13:15:00Z"),
  every({ interval: "1d", startDate: "2026-01-01T02:30", timeZone: newYork }, "2026-03-01T00:00:00Z"),
  every({ interval: "1d", startDate: "2026-01-01T01:30", timeZone: newYork }, "2026-10-20T00:00:00Z"),
  every({ interval: "36h", startDate: "2026-01-01T09:00", timeZone: "Europe/Zurich" }, "2026-03-20T00:00:00Z"),
  every({ interval: "6h", startDate: "2026-03-08T00:00", timeZone: newYork }),
  every({ interval: "1d", startDate: "2024-02-29T12:00:00Z", endDate: "2024-03-20T12:00:00Z" }, "2024-02-01T00:00:00Z"),
  every({ interval: 90_500 }, "2026-03-07T05:30:00.250Z"),
  whole(
    "dates in two zones, out of order",
    new Schedule({
      clocks: [
        new DatesClock(["2026-12-24T18:00", "2026-03-08T02:30", "2026-11-01T01:30"], { timeZone: newYork }),
        new DatesClock(["2020-01-01T00:00:00Z", "2026-12-24T23:00:00Z", "2026-04-01"]),
      ],
    }),
  ),
  whole(
    "two clocks that meet, with other parameters",
    new Schedule({
      clocks: [
        new CronClock("0 */2 * * *", { parameterDefaults: { station: "Seattle" } }),
        new IntervalClock({ interval: "3h", parameterDefaults: { station: "New York" }, labels: ["east"] }),
      ],
    }),
  ),
  whole(
    "two clocks that meet and are alike",
    new Schedule({ clocks: [new CronClock("0 */2 * * *"), new IntervalClock({ interval: "3h" })] }),
  ),
];

interface Difference extends Case {
  /** Times that Prefect has, or leaves out, where we do not. */
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
}

const differences: readonly Difference[] = [
  {
    ...every({ interval: "30m", timeZone: newYork }, "2026-10-31T12:00:00Z"),
    name: "after a time means later than it, also when the clocks have been changed since the start",
    theirs: ["2026-10-31T12:00:00.000Z"],
    ours: [],
  },
  {
    ...every({ interval: "1d", startDate: "2026-07-01T09:00", timeZone: newYork }, "2027-01-05T13:30:00Z"),
    name: "no time is left out in the hour before it, when the clocks have been changed since the start",
    theirs: [],
    ours: ["2027-01-05T14:00:00.000Z"],
  },
  {
    ...cron("*/20 * * * *", { timeZone: newYork }, "2026-11-01T04:10:00Z"),
    name: "two o'clock is not left out when the clocks go back before it",
    theirs: [],
    ours: ["2026-11-01T07:00:00.000Z"],
  },
  {
    ...cron("*/10 * * * *", { timeZone: "Australia/Lord_Howe" }, "2026-04-04T13:00:00Z"),
    name: "nor where they go back by half an hour",
    theirs: [],
    ours: ["2026-04-04T15:30:00.000Z"],
  },
  {
    ...every({ interval: "1h", startDate: "2026-11-01T00:00", timeZone: newYork }, autumn),
    name: "one o'clock that comes twice on the first day fires twice, as an hour has passed",
    theirs: [],
    ours: ["2026-11-01T06:00:00.000Z"],
  },
];

const asked: readonly Case[] = [...cases, ...differences];

describe.skipIf(prefectVenv("1.4.1").skipped)("schedules, beside those of Prefect 1.4.1", () => {
  let answers: string[][];
  beforeAll(() => {
    const input = asked.map(({ schedule, after }) => ({ schedule: scheduleForm(schedule.describe(), "1.4.1"), after }));
    answers = askPrefect("1.4.1", "next_events.py", input);
  });

  /** In order, and of one clock each once, which Prefect's are not where the clocks go forward. */
  const theirs = (of: Case): string[] => {
    const answer = (answers[asked.indexOf(of)] ?? []).toSorted();
    return of.schedule.describe().clocks.length === 1 ? [...new Set(answer)] : answer;
  };
  const ours = ({ schedule, after }: Case): string[] =>
    nextEvents(schedule.describe(), 60, Date.parse(after)).map(({ startTime }) => new Date(startTime).toISOString());

  test.each(cases.map((each) => [each.name, each] as const))("%s", (_, each) => {
    expect(theirs(each)).not.toEqual([]);
    expect(ours(each).slice(0, 50)).toEqual(theirs(each).slice(0, 50));
  });

  test.each(differences.map((each) => [each.name, each] as const))("a difference: %s", (_, each) => {
    const [mine, other] = [ours(each).slice(0, 50), theirs(each).slice(0, 50)];
    const without = (list: string[], others: string[]): string[] =>
      list.filter((time) => !others.includes(time) && time < String(others.at(-1)));
    expect(without(mine, other)).toEqual(each.ours);
    expect(without(other, mine)).toEqual(each.theirs);
  });
});
