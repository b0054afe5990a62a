import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import { type Api, type CloudRun, type CloudRunOptions, openCloudRun } from "../../src/cloud/index.ts";
import { type Clock, systemClock } from "../../src/engine/index.ts";
import { failed, makeState, retrying, running, success } from "../../src/state/index.ts";
import { eventually } from "../eventually.ts";
import { FakeApi, Refusal } from "./fake-api.ts";
import { JumpingClock, ManualClock } from "./manual-clock.ts";

let fake: FakeApi;
let api: Api;
let folder: string;
let warnings: string[];
const runs: CloudRun[] = [];

beforeEach(async () => {
  fake = await new FakeApi(["list-1", "a-1"]).listen();
  folder = mkdtempSync(join(tmpdir(), "cloud-run-"));
  warnings = [];
});

afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.close({ within: 0 })));
  api.close();
  await fake.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(clock: Clock, options: Partial<CloudRunOptions> = {}, apiClock = clock): Promise<CloudRun> {
  api = openGraphqlApi({ url: fake.url, key: "k", tenantId: null, clock: apiClock, env: {}, outageBudget: 60_000 });
  const info = await api.flowRunInfo("fr-1");
  const run = openCloudRun({ api, info, keepIn: folder, clock, warn: (text) => warnings.push(text), ...options });
  runs.push(run);
  return run;
}

const accepted = { status: "accepted" };
const start = running("Starting task run.");
const done = success("Task run succeeded.");

describe("the store", () => {
  test("knows the run's task runs and their states", async () => {
    Object.assign(fake.run("a-1"), { state: { type: "Success", message: "m" }, version: 4 });
    const { store } = await open(systemClock);
    expect(await store.taskRun("a-1")).toMatchObject({
      id: "tr-a-1",
      mapIndex: null,
      initialState: { type: "Success" },
    });
    await expect(store.taskRun("b-1")).rejects.toMatchObject({
      code: "TASK_RUN_UNKNOWN",
      message: expect.stringContaining('"b-1"'),
    });
  });

  test("sends what is asked for in one turn in one request, and what comes meanwhile in the next", async () => {
    const { store } = await open(systemClock);
    const [list, a] = await Promise.all([store.taskRun("list-1"), store.taskRun("a-1")]);
    const first = [store.setFlowState(running("Running flow.")), store.setTaskState(list, start)];
    first.push(store.setTaskState(a, start));
    expect(await Promise.all(first)).toEqual([accepted, accepted, accepted]);
    await Promise.all([store.setTaskState(list, done), store.setTaskState(a, done)]);
    const fields = fake.requests.slice(1).map((request) => request.fields);
    // Task states that were asked for after a flow state go after it: the API wants a Running flow run first.
    expect(fields).toEqual([["set_flow_run_states"], ["set_task_run_states"], ["set_task_run_states"]]);
  });

  test("sends the version the API has after every state that it stored", async () => {
    const { store } = await open(systemClock);
    const a = await store.taskRun("a-1");
    for (const state of [start, failed("no"), retrying(1, 1, 0), start, done]) {
      expect(await store.setTaskState(a, state)).toEqual(accepted);
    }
    expect(fake.run("a-1").history).toEqual(["Running", "Failed", "Retrying", "Running", "Success"]);
  });

  test("asks for the version after a queued Running, whose wrapper the API has counted", async () => {
    const { store } = await open(systemClock);
    const a = await store.taskRun("a-1");
    fake.status = () => "QUEUED";
    expect(await store.setTaskState(a, start)).toMatchObject({ status: "queued" });
    expect(await store.setFlowState(running("Running flow."))).toMatchObject({ status: "queued" });
    fake.status = () => "SUCCESS";
    fake.run("a-1").version = 5;
    expect(await store.setTaskState(a, start)).toEqual(accepted);
    expect(await store.setFlowState(running("Running flow."))).toEqual(accepted);
  });

  test("tells who has the run when another container was faster", async () => {
    const { store } = await open(systemClock);
    const other = openCloudRun({ api, info: await api.flowRunInfo("fr-1"), keepIn: folder });
    runs.push(other);
    const [mine, theirs] = await Promise.all([store.taskRun("a-1"), other.store.taskRun("a-1")]);
    expect(await other.store.setTaskState(theirs, start)).toEqual(accepted);
    expect(await store.setTaskState(mine, start)).toMatchObject({ status: "refused", current: { type: "Running" } });
  });

  test("a refusal of the API's rules is no outage", async () => {
    fake.refuse = () => new Refusal("State update failed: run is not in a running state.");
    const { store } = await open(systemClock);
    const a = await store.taskRun("a-1");
    expect(await store.setTaskState(a, start)).toMatchObject({
      status: "refused",
      reason: expect.stringContaining("not in a running state"),
      current: { type: "Pending" },
    });
  });
});

describe("children of a mapped task", () => {
  async function mapped(width: number): Promise<CloudRun> {
    const run = await open(systemClock);
    await run.store.setTaskState(await run.store.taskRun("list-1"), makeState("Mapped", "m", { mapCount: width }));
    return run;
  }

  test("1,000 of them need few requests from the first to the last", async () => {
    const run = await open(systemClock);
    const { store, observer } = run;
    run.start();
    await store.setFlowState(running("Running flow."));
    const list = await store.taskRun("list-1");
    await store.setTaskState(list, makeState("Mapped", "m", { mapCount: 1_000 }));
    const limit = pLimit(32);
    await Promise.all(
      Array.from({ length: 1_000 }, (_, mapIndex) =>
        limit(async () => {
          const [child] = store.children("list-1", mapIndex, 1);
          if (child === undefined) throw new Error("no child");
          const entry = await child;
          expect(await store.setTaskState(entry, start)).toEqual(accepted);
          observer.onLog?.({ time: 0, level: "INFO", name: "prefect.x", message: "line", taskRunId: entry.id });
          // As the engine does: the next child begins while this one's Success is on its way.
          void store.setTaskState(entry, done);
        }),
      ),
    );
    await store.setFlowState(success("All reference tasks succeeded."));
    expect(await run.close()).toMatchObject({ complete: true });
    const children = [...fake.taskRuns.values()].filter(({ mapIndex }) => mapIndex >= 0);
    expect(children).toHaveLength(1_000);
    expect(children.every(({ history }) => history.join() === "Running,Success")).toBe(true);
    expect(fake.logs).toHaveLength(1_000);
    expect(fake.requests.length).toBeLessThanOrEqual(60);
  });

  test("are created ahead, a block at a time, and never beyond the width", async () => {
    const { store } = await mapped(450);
    const first = await Promise.all(store.children("list-1", 0, 32));
    expect(first.map(({ id }) => id)).toEqual(first.map((_, at) => `tr-list-1-${at}`));
    const created = () => [...fake.taskRuns.values()].filter(({ mapIndex }) => mapIndex >= 0).length;
    expect(created()).toBe(200);
    await Promise.all(store.children("list-1", 32, 418));
    expect(created()).toBe(450);
    expect(fake.fieldsOf("get_or_create_task_run_info")).toHaveLength(3);
  });

  test("one that the API does not create fails alone, with its name", async () => {
    const { store } = await mapped(3);
    fake.refuse = () => null;
    const [, second] = [...fake.taskRuns.values()];
    if (second !== undefined) fake.taskRuns.delete("tr-list-1");
    await expect(store.children("list-1", 1, 1)[0]).rejects.toMatchObject({
      code: "TASK_RUN_NOT_CREATED",
      message: expect.stringContaining("list-1[1]"),
    });
  });

  test("a run that goes on finds those that are there in one question, states included", async () => {
    const first = await mapped(300);
    const entries = await Promise.all(first.store.children("list-1", 0, 250));
    await Promise.all(entries.slice(0, 50).map((entry) => first.store.setTaskState(entry, done)));
    fake.taskRuns.delete("tr-list-1-299");
    fake.requests.length = 0;
    const { store } = await open(systemClock);
    const again = await Promise.all(store.children("list-1", 0, 300));
    expect(again.filter(({ initialState }) => initialState.type === "Success")).toHaveLength(50);
    expect(again.map(({ id }) => id)).toContain("tr-list-1-299");
    expect(fake.requests.map(({ fields }) => fields[0]).toSorted()).toEqual([
      "flow_run_by_pk",
      "get_or_create_task_run_info",
      "task_run",
      "task_run",
    ]);
  });
});

describe("cached results", () => {
  test("are asked for together, and once for all children without a key of their own", async () => {
    const { store } = await open(systemClock);
    fake.requests.length = 0;
    const asked = [
      ...Array.from({ length: 100 }, () => store.cachedStates("a-1", null, 0)),
      ...Array.from({ length: 19 }, (_, at) => store.cachedStates("a-1", `key ${at}`, 0)),
    ];
    expect(await Promise.all(asked)).toEqual(Array(119).fill([]));
    expect(fake.requests).toHaveLength(1);
  });

  test("that cannot be looked up are none: the task runs", async () => {
    const { store } = await open(systemClock);
    fake.faultOf = () => ({ kind: "invalid", message: "Cannot query field 'task_run'" });
    expect(await store.cachedStates("a-1", null, 0)).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("Cached results could not be looked up")]);
  });
});

describe("an outage", () => {
  test("that ends within the budget changes nothing but the time it takes", async () => {
    const { store } = await open(systemClock, {}, new JumpingClock());
    const a = await store.taskRun("a-1");
    fake.faults.push({ kind: "lost" }, { kind: "status", status: 503 }, { kind: "reset" });
    expect(await store.setTaskState(a, start)).toEqual(accepted);
    expect(await store.setTaskState(a, done)).toEqual(accepted);
    expect(fake.run("a-1").history).toEqual(["Running", "Success"]);
  });

  test("that outlasts it leaves the states on disk, and says so", async () => {
    const run = await open(systemClock, {}, new JumpingClock());
    const a = await run.store.taskRun("a-1");
    await run.store.setTaskState(a, start);
    fake.faultOf = () => ({ kind: "status", status: 503 });
    expect(await run.store.setTaskState(a, done)).toMatchObject({ status: "undelivered" });
    expect(await run.store.setFlowState(success("all"))).toMatchObject({ status: "undelivered" });
    const delivery = await run.close();
    const file = join(folder, "fr-1.states.jsonl");
    expect(delivery).toEqual({ complete: false, states: 2, logs: 0, files: [file] });
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        flow_run_id: "fr-1",
        task_run_id: "tr-a-1",
        state: { type: "Success" },
        reason: expect.stringContaining("503"),
      },
      { flow_run_id: "fr-1", task_run_id: null, state: { type: "Success", message: "all" } },
    ]);
  });

  test("that is over when the run is closed: the states arrive after all", async () => {
    const run = await open(systemClock, {}, new JumpingClock());
    const a = await run.store.taskRun("a-1");
    await run.store.setTaskState(a, start);
    fake.faultOf = () => ({ kind: "status", status: 503 });
    await run.store.setTaskState(a, done);
    await run.store.setFlowState(success("all"));
    fake.faultOf = () => null;
    expect(await run.close()).toEqual({ complete: true, states: 0, logs: 0, files: [] });
    expect(fake.run("a-1").history).toEqual(["Running", "Success"]);
    expect(fake.flowRun.history).toEqual(["Success"]);
    expect(existsSync(join(folder, "fr-1.states.jsonl"))).toBe(false);
  });

  test("on a disk that takes nothing: the run goes on, and both are told", async () => {
    const run = await open(systemClock, { keepIn: "/dev/null/kept" }, new JumpingClock());
    const a = await run.store.taskRun("a-1");
    run.observer.onLog?.({ time: 0, level: "INFO", name: "x", message: "line", taskRunId: null });
    fake.faultOf = () => ({ kind: "status", status: 503 });
    expect(await run.store.setTaskState(a, done)).toMatchObject({ status: "undelivered" });
    expect(await run.close()).toEqual({ complete: false, states: 1, logs: 1, files: [] });
    expect(warnings.filter((text) => text.includes("/dev/null/kept"))).toHaveLength(2);
  });

  test("leaves alone what an earlier container of the run has kept", async () => {
    const file = join(folder, "fr-1.states.jsonl");
    writeFileSync(file, "earlier\n");
    const run = await open(systemClock, {}, new JumpingClock());
    const a = await run.store.taskRun("a-1");
    fake.faultOf = () => ({ kind: "status", status: 503 });
    await run.store.setTaskState(a, done);
    expect(readFileSync(file, "utf8")).toMatch(/^earlier\n\{.*\}\n$/);
    fake.faultOf = () => null;
    expect(await run.close()).toMatchObject({ complete: true });
    expect(readFileSync(file, "utf8")).toBe("earlier\n");
  });

  test("during which somebody else has concluded the run: that is not overruled", async () => {
    const run = await open(systemClock, {}, new JumpingClock());
    const a = await run.store.taskRun("a-1");
    fake.faultOf = () => ({ kind: "status", status: 503 });
    await run.store.setTaskState(a, done);
    await run.store.setFlowState(success("all"));
    fake.faultOf = () => null;
    fake.flowRun.state = { type: "Failed", message: "No heartbeat detected from the remote task" };
    expect(await run.close()).toMatchObject({ complete: false, states: 1 });
    expect(fake.run("a-1").history).toEqual(["Success"]);
    expect(fake.flowRun.history).toEqual([]);
  });

  test("after which the API turns out to have them: they are not stored twice", async () => {
    const run = await open(systemClock, {}, new JumpingClock());
    const a = await run.store.taskRun("a-1");
    fake.faults.push({ kind: "lost" });
    fake.faultOf = () => ({ kind: "status", status: 503 });
    expect(await run.store.setTaskState(a, done)).toMatchObject({ status: "undelivered" });
    fake.faultOf = () => null;
    expect(await run.close()).toMatchObject({ complete: true });
    expect(fake.run("a-1").history).toEqual(["Success"]);
  });

  test("never leaves a task Running whose body was not started", async () => {
    const run = await open(systemClock, {}, new JumpingClock());
    const a = await run.store.taskRun("a-1");
    fake.faultOf = () => ({ kind: "status", status: 503 });
    expect(await run.store.setTaskState(a, start)).toMatchObject({ status: "undelivered" });
    fake.faultOf = () => null;
    expect(await run.close()).toMatchObject({ complete: true });
    expect(fake.run("a-1").history).toEqual([]);
  });

  test("does not hold up close longer than it was given", async () => {
    const clock = new ManualClock();
    const run = await open(clock);
    const a = await run.store.taskRun("a-1");
    fake.faultOf = () => ({ kind: "hang" });
    const ack = run.store.setTaskState(a, done);
    const closing = run.close({ within: 5_000 });
    await eventually(() => expect(fake.requests.length).toBeGreaterThan(1));
    clock.advance(5_000);
    expect(await ack).toMatchObject({ status: "undelivered", reason: expect.stringContaining("5 s") });
    expect(await closing).toMatchObject({ complete: false, states: 1 });
  });
});

describe("heartbeats", () => {
  const beats = async (count: number) => eventually(() => expect(fake.heartbeats).toBe(count));

  test("come at once and then every 30 seconds, until the run is closed", async () => {
    const clock = new ManualClock();
    const run = await open(clock);
    run.start();
    await beats(1);
    for (const count of [2, 3]) {
      await eventually(() => expect(clock.waiting).toBeGreaterThanOrEqual(3));
      clock.advance(30_000);
      await beats(count);
    }
    await run.close();
    clock.advance(300_000);
    await new Promise(setImmediate);
    expect(fake.heartbeats).toBe(3);
    expect(fake.fieldsOf("update_flow_run_heartbeat")[0]?.headers).toMatchObject({ "x-prefect-heartbeat-id": "fr-1" });
  });

  test("are not behind a state that is retried or hangs", async () => {
    const clock = new ManualClock();
    const run = await open(clock);
    fake.faultOf = ({ fields }) => (fields.includes("set_task_run_states") ? { kind: "hang" } : null);
    const a = await run.store.taskRun("a-1");
    void run.store.setTaskState(a, start);
    await eventually(() => expect(fake.fieldsOf("set_task_run_states")).toHaveLength(1));
    run.start();
    await beats(1);
    clock.advance(30_000);
    await beats(2);
  });

  test("one that fails is a warning, and the next one comes in time", async () => {
    const clock = new ManualClock();
    const run = await open(clock);
    fake.faults.push({ kind: "status", status: 503 });
    run.start();
    await eventually(() => expect(warnings).toEqual([expect.stringContaining("The heartbeat failed")]));
    await eventually(() => expect(clock.waiting).toBeGreaterThanOrEqual(3));
    clock.advance(30_000);
    await beats(1);
  });

  test("come once when the configuration has turned them off", async () => {
    const clock = new ManualClock();
    const run = await open(clock, { heartbeats: false });
    run.start();
    await beats(1);
    clock.advance(120_000);
    await eventually(() => expect(fake.fieldsOf("flow_run_by_pk").length).toBeGreaterThan(1));
    expect(fake.heartbeats).toBe(1);
  });

  test("come once when the flow has turned them off", async () => {
    const clock = new ManualClock();
    fake.settings.heartbeat_enabled = false;
    const run = await open(clock);
    run.start();
    await beats(1);
    clock.advance(120_000);
    await eventually(() => expect(fake.fieldsOf("flow_run_by_pk").length).toBeGreaterThan(1));
    expect(fake.heartbeats).toBe(1);
  });
});

describe("cancellation", () => {
  test("is seen at the next look", async () => {
    const clock = new ManualClock();
    const run = await open(clock);
    run.start();
    clock.advance(15_000);
    await eventually(() => expect(fake.fieldsOf("flow_run_by_pk")).toHaveLength(2));
    expect(run.cancelled.aborted).toBe(false);
    fake.flowRun.state = { type: "Cancelling", message: "Cancelled by Ada" };
    await eventually(() => {
      clock.advance(15_000);
      expect(run.cancelled.aborted).toBe(true);
    });
    expect(run.cancelled.reason).toBe("Cancelled by Ada");
  });

  test("a look that fails is a warning", async () => {
    const clock = new ManualClock();
    const run = await open(clock);
    run.start();
    fake.faultOf = ({ fields }) => (fields.includes("flow_run_by_pk") ? { kind: "status", status: 500 } : null);
    clock.advance(15_000);
    await eventually(() => expect(warnings).toEqual([expect.stringContaining("cancelled failed")]));
    expect(run.cancelled.aborted).toBe(false);
  });
});
