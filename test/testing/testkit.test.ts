import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { loadSource } from "../../src/artifact/load-source.ts";
import { CronSchedule, context, flow, LocalResultHandler, signals, task } from "../../src/index.ts";
import { faults, hang, openTestkit, type Testkit } from "../../src/testing/index.ts";
import "../../src/testing/vitest.ts";
import { weather } from "./weather-flow.ts";

const begin = "2026-01-01T06:00:00Z";
let kit: Testkit;

beforeAll(async () => {
  kit = await openTestkit({ time: begin, secrets: { STATION_KEY: "a-key-for-stations" } });
  return () => kit.close();
});

describe("a run in the test's own process", () => {
  test("is told as a container tells it, and its retries, an hour apart, take no time", async () => {
    const [from, machine] = [kit.time.now(), performance.now()];
    const run = await kit.run(weather);
    expect(run).toHaveState("Success");
    expect(run).toHaveRun("readings[1]", {
      state: "Success",
      times: 3,
      states: ["Pending", "Running", "Failed", "Retrying", "Running", "Failed", "Retrying", "Running", "Success"],
    });
    expect(run).toHaveRun("readings[0]", { times: 1 });
    expect(run).toHaveLogged("asking Oslo, attempt 3", { taskRun: "readings[1]", level: "INFO" });
    expect(run).toHaveResult({ warmest: 7 });
    expect(run).toHaveResult("readings", [
      [4, 10],
      [4, 10],
    ]);
    expect(run.requests.flatMap(({ operations }) => operations)).toContain("set_task_run_states");
    expect(run.requests.length).toBeLessThan(60);
    expect(kit.time.now().getTime() - from.getTime()).toBeGreaterThanOrEqual(2 * 3_600_000);
    expect(performance.now() - machine).toBeLessThan(60_000);
    const [, second, third] = run.logs.filter(({ message }) => message.startsWith("asking Oslo"));
    expect((third?.time ?? 0) - (second?.time ?? 0)).toBeGreaterThanOrEqual(3_600_000);
  });

  test("has a story that is the same in each run, whatever its ids, its times and its order", async () => {
    const stories = [await kit.run(weather), await kit.run(weather, { env: { FLOW_RUNNER__CONCURRENCY: "1" } })];
    expect(stories[0]?.story()).toEqual(stories[1]?.story());
    expect(stories[0]?.story()).toMatchInlineSnapshot(`
      [
        "flow weather: Scheduled → Running → Success",
        "stations: Pending → Running → Success",
        "STATION_KEY: Pending → Running → Success",
        "readings: Pending → Mapped",
        "readings[0]: Pending → Running → Success",
        "readings[1]: Pending → Running → Failed → Retrying → Running → Failed → Retrying → Running → Success",
        "mean: Pending → Mapped",
        "mean[0]: Pending → Running → Success",
        "mean[1]: Pending → Running → Success",
        "report: Pending → Running → Success",
      ]
    `);
  });

  test("fails with what it failed of, and a result that is not there says so", async () => {
    const run = await kit.run(weather, { parameters: { stations: ["Atlantis"] } });
    expect(run).toHaveState("Failed", /reference tasks failed/);
    expect(
      run
        .story()
        .filter((line) => line.includes("("))
        .map((line) => line.replace(/.*\(/, "(")),
    ).toMatchInlineSnapshot(`
      [
        "(Some reference tasks failed.)",
        "(Error during execution of task: StationAway: Atlantis has sunk)",
        "(Trigger was "all_successful" but some of the upstream tasks failed.)",
        "(Trigger was "all_successful" but some of the upstream tasks failed.)",
      ]
    `);
    expect(() => run.result("report")).toThrow("There is no result of report to look at: it is TriggerFailed.");
    expect(() => run.taskRun("raedings[0]")).toThrow('Did you mean "readings[0]"?');
  });

  test("that cannot begin is Failed with why", async () => {
    const run = await kit.run(weather, { parameters: { statoins: [] } });
    expect(run).toHaveState("Failed", "statoins");
  });

  test("has its results read by the handlers that have written them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kept-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const kept = task("kept", () => new Map([["a", new Date(0)]]), {
      resultHandler: new LocalResultHandler({ dir: folder }),
    });
    const run = await kit.run(flow("keeps", () => kept({})));
    expect(run.taskRun("kept").state.result?.handler.type).toBe("LocalResultHandler");
    expect(run).toHaveResult(new Map([["a", new Date(0)]]));
  });

  test("hands a pause back to the API", async () => {
    const approve = task("approve", () => {
      signals.pause("somebody is to look");
      return "approved";
    });
    const planned = await kit.createRun(flow("approved", () => approve({})));
    const paused = await planned.execute();
    expect(paused.end).toEqual({ kind: "inProcess", conclusion: "handedBack" });
    expect(paused).toHaveRun("approve", { state: "Paused", times: 1 });
  });

  test("waits by the clock for a retry that a body asks for", async () => {
    const later = task("later", () => {
      if (context.taskRunCount === 1) signals.retry("not yet", { after: "6h" });
      return "there";
    });
    const from = kit.time.now().getTime();
    const run = await kit.run(flow("later", () => later({})));
    expect(run).toHaveRun("later", { state: "Success", times: 2 });
    expect(kit.time.now().getTime() - from).toBeGreaterThanOrEqual(6 * 3_600_000);
  });
});

describe("mocks", () => {
  test("run in the place of bodies, of all children or of one, with the inputs and the context of the task", async () => {
    const seen = vi.fn();
    const run = await kit.run(weather, {
      mocks: {
        readings: ({ station }: { station: string }) => {
          seen(station, context.mapIndex, context.taskSlug);
          return [1];
        },
        "readings[1]": ({ station }: { station: string }, body) =>
          body({ station: `${station}!`, key: "a-key-for-stations" }),
      },
    });
    expect(seen.mock.calls).toEqual([["Rome", 0, "readings-1"]]);
    expect(run).toHaveResult("readings", [[1], [5, 10]]);
    expect(run).toHaveRun("readings[1]", { times: 1 });
  });

  test("are retried, and time out, as the body would: a mock that hangs does not wait for it", async () => {
    const from = kit.time.now().getTime();
    const run = await kit.run(weather, { mocks: { "readings[0]": hang }, parameters: { stations: ["Rome"] } });
    expect(run).toHaveState("Failed");
    expect(run).toHaveRun("readings[0]", { state: "TimedOut", times: 3 });
    expect(kit.time.now().getTime() - from).toBeGreaterThanOrEqual(2 * 3_600_000 + 3 * 300_000);
  });

  test("for a task that the flow does not have are refused, with the one that may have been meant", async () => {
    await expect(kit.run(weather, { mocks: { raedings: () => [1] } })).rejects.toThrow(
      'There is a mock for "raedings", and the flow "weather" has no such task. Did you mean "readings"?',
    );
    await expect(kit.run(weather, { as: "binary", mocks: { readings: () => [1] } })).rejects.toThrow(
      "A mock is a function of this process",
    );
  });
});

describe("faults", () => {
  test("happen as often as they are to, and the run gets over them", async () => {
    const before = kit.faults.met().length;
    const run = await kit.run(weather, {
      parameters: { stations: ["Rome"] },
      faults: [
        faults.fail("states", { times: 3, status: 503 }),
        faults.dropAnswer("task states"),
        faults.meet("logs", { kind: "half" }),
      ],
    });
    expect(run).toHaveState("Success");
    expect(run).toHaveRun("readings[0]", { times: 1 });
    const met = kit.faults.met().slice(before);
    expect(met.map(({ fault }) => fault.kind).toSorted()).toEqual(["half", "lost", "status", "status", "status"]);
    expect(run.requests.filter(({ fault }) => fault?.kind === "status")).toHaveLength(3);
  });

  test("an API that is away for five minutes costs five minutes of the clock", async () => {
    const from = kit.time.now().getTime();
    const run = await kit.run(weather, {
      parameters: { stations: ["Rome"] },
      faults: [faults.away("5m", { after: 6 })],
    });
    expect(run).toHaveState("Success");
    expect(kit.time.now().getTime() - from).toBeGreaterThanOrEqual(300_000);
    expect(run.requests.filter(({ fault }) => fault?.kind === "reset").length).toBeGreaterThan(10);
  });
});

test("a schedule's runs are there as time passes, and are executed in their order", async () => {
  const stamp = task("stamp", () => context.scheduledStartTime.toISOString());
  const daily = flow("daily", () => stamp({}), { schedule: new CronSchedule("0 6 * * *") });
  const day = kit.time.now().getTime();
  const [first, second] = await kit.scheduledRuns(daily);
  expect((second?.scheduledStartTime.getTime() ?? 0) - (first?.scheduledStartTime.getTime() ?? 0)).toBe(86_400_000);
  const run = await first?.execute();
  expect(run).toHaveResult(first?.scheduledStartTime.toISOString());
  expect(kit.time.now().getTime()).toBeGreaterThan(day);
  kit.time.advance("2d");
  const later = await kit.scheduledRuns(daily);
  expect(later.length).toBeGreaterThanOrEqual(10);
});

test("fetch reaches the API by its address, which has no port, and other addresses as before", async () => {
  const post = (url: string) =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: '{"query":"{ hello }"}' });
  const other = await openTestkit();
  const { url } = other.api;
  expect(new URL(url).port).toBe("");
  expect(await (await post(url)).json()).toHaveProperty("data");
  await other.close();
});

test("a service that a test mocks by undici is mocked for the flow's own fetch, whoever came first", async () => {
  const ask = task("ask", async () => (await fetch("http://degrees.example/now")).text());
  const asking = flow("asking", () => ask());
  const before = getGlobalDispatcher();
  onTestFinished(() => setGlobalDispatcher(before));
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent.get("http://degrees.example").intercept({ path: "/now" }).reply(200, "21").persist();
  const openers = [
    async () => {
      setGlobalDispatcher(agent);
      return openTestkit();
    },
    async () => {
      const own = await openTestkit();
      setGlobalDispatcher(agent);
      return own;
    },
  ];
  for (const open of openers) {
    setGlobalDispatcher(before);
    const own = await open();
    expect(await own.run(asking)).toHaveResult("21");
    await own.close();
    expect(getGlobalDispatcher()).toBe(agent);
  }
});

test("the real binary executes a run of the same API", async () => {
  const { flows } = await loadSource(join(import.meta.dirname, "../cli/fixtures/weather.ts"));
  const [real] = flows;
  if (real === undefined) throw new Error("the fixture has no flow");
  const own = await openTestkit({ key: "a-key-of-the-api" });
  const run = await own.run(real, { as: "binary", env: { PREFECT__LOGGING__LEVEL: "DEBUG" } });
  expect(run.end).toMatchObject({ kind: "process", exitCode: 0 });
  expect(run).toHaveState("Success");
  await own.close();
});
