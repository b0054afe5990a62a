import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startApi } from "../../src/api/index.ts";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import { type Api, openCloudRun } from "../../src/cloud/index.ts";
import type { Ack } from "../../src/engine/index.ts";
import { failed, makeState, retrying, running, success } from "../../src/state/index.ts";

let server: Awaited<ReturnType<typeof startApi>>;
let api: Api;
let folder: string;

beforeEach(async () => {
  server = await startApi({ key: "k" });
  api = openGraphqlApi({ url: server.url, key: "k", tenantId: server.tenantId, env: {} });
  folder = mkdtempSync(join(tmpdir(), "embedded-"));
});

afterEach(async () => {
  api.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const slugs = ["days", "fetch-1", "mean-1"];
const serializedFlow = {
  name: "weather",
  type: "prefect.core.flow.Flow",
  schedule: null,
  parameters: [],
  tasks: slugs.map((slug) => ({
    slug,
    name: slug.replace("-1", ""),
    type: "prefect.tasks.core.function.FunctionTask",
    tags: [],
    max_retries: 0,
    retry_delay: null,
    timeout: null,
    trigger: { fn: "prefect.triggers.all_successful", kwargs: {} },
    skip_on_upstream_skip: true,
    cache_for: null,
    cache_key: null,
    cache_validator: { fn: "prefect.engine.cache_validators.never_use", kwargs: {} },
    auto_generated: false,
    inputs: {},
    outputs: "typing.Any",
  })),
  edges: [
    ["days", "fetch-1", true],
    ["fetch-1", "mean-1", false],
  ].map(([upstream, downstream, mapped]) => ({
    upstream_task: { slug: upstream },
    downstream_task: { slug: downstream },
    key: "x",
    mapped,
    flattened: false,
  })),
  reference_tasks: [],
  environment: { type: "LocalEnvironment", labels: [] },
  run_config: { type: "UniversalRun", labels: [], env: null },
  storage: { type: "Local", flows: { weather: "/w.prefect" } },
};

async function newRun() {
  const project = await api.createProject("demo");
  const flow = await api.registerFlow({ projectId: project.id, serializedFlow });
  const id = await api.createFlowRun({ flow: { id: flow.id }, parameters: {}, context: { team: "wx" } });
  return { project, flow, info: await api.flowRunInfo(id) };
}

const accepted = { status: "accepted" };
const start = running("Starting task run.");
const done = success("Task run succeeded.");

describe("with the embedded API", () => {
  test("a flow is registered, found, and a run of it told in one request", async () => {
    const { project, flow, info } = await newRun();
    expect(await api.projectByName("demo")).toEqual(project);
    expect(await api.flowByName({ name: "weather", project: "demo" })).toEqual(flow);
    expect(info).toMatchObject({
      version: expect.any(Number),
      state: { type: "Scheduled" },
      context: { team: "wx" },
      flow: { name: "weather", project, storage: { type: "Local" } },
    });
    expect(info.taskRuns.map(({ slug }) => slug).toSorted()).toEqual(slugs);
  });

  test("a run that is not there, by any sort of id", async () => {
    for (const id of ["5f9f1dd2-5f57-4f9e-8a49-6a1a4a8f8a11", "weather"]) {
      await expect(api.flowRunInfo(id)).rejects.toMatchObject({ code: "FLOW_RUN_NOT_FOUND" });
    }
  });

  test("a wrong key", async () => {
    const stranger = openGraphqlApi({ url: server.url, key: "x", tenantId: null, env: {} });
    await expect(stranger.secretNames()).rejects.toMatchObject({ code: "API_UNAUTHORIZED" });
    stranger.close();
  });

  test("a whole run with 1,000 mapped children needs at most 60 requests", async () => {
    const { info } = await newRun();
    const before = server.requests();
    const again = await api.flowRunInfo(info.id);
    const run = openCloudRun({ api, info: again, keepIn: folder });
    const { store, observer } = run;
    run.start();
    expect(await store.setFlowState(running("Running flow."))).toEqual(accepted);
    const list = await store.taskRun("days");
    for (const state of [start, failed("no"), retrying(1, 1, Date.now()), start, done]) {
      expect(await store.setTaskState(list, state)).toEqual(accepted);
    }
    const parent = await store.taskRun("fetch-1");
    expect(await store.setTaskState(parent, makeState("Mapped", "m", { mapCount: 1_000 }))).toEqual(accepted);
    const limit = pLimit(32);
    const acks: Promise<Ack>[] = [];
    await Promise.all(
      Array.from({ length: 1_000 }, (_, mapIndex) =>
        limit(async () => {
          const [entry] = await Promise.all(store.children("fetch-1", mapIndex, 1));
          if (entry === undefined) throw new Error("no child");
          expect(await store.setTaskState(entry, start)).toEqual(accepted);
          observer.onLog?.({ time: Date.now(), level: "INFO", name: "x", message: "line", taskRunId: entry.id });
          acks.push(store.setTaskState(entry, done));
        }),
      ),
    );
    const statuses = (await Promise.all(acks)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(["accepted"]));
    expect(await store.setFlowState(success("All reference tasks succeeded."))).toEqual(accepted);
    expect(await run.close()).toEqual({ complete: true, states: 0, logs: 0, files: [] });
    expect(server.requests() - before).toBeLessThanOrEqual(60);
    const taskId = again.taskRuns.find(({ slug }) => slug === "fetch-1")?.taskId ?? "";
    const children = await api.taskRunChildren({ flowRunId: info.id, taskId, first: 0, count: 1_000 });
    expect(children).toHaveLength(1_000);
    expect(new Set(children.map(({ state }) => state.type))).toEqual(new Set(["Success"]));
    const { state, heartbeat } = await api.flowRunState(info.id);
    expect(state.type).toBe("Success");
    expect(Math.abs((heartbeat ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test("one bad item in a list has its own answer", async () => {
    const { info } = await newRun();
    const run = openCloudRun({ api, info, keepIn: folder });
    await run.store.setFlowState(running("Running flow."));
    const [days, fetch, mean] = await Promise.all(slugs.map((slug) => run.store.taskRun(slug)));
    if (days === undefined || fetch === undefined || mean === undefined) throw new Error("no task runs");
    const tooLarge = makeState("Success", "x".repeat(1_100_000));
    const acks = await Promise.all([
      run.store.setTaskState(days, start),
      run.store.setTaskState(fetch, tooLarge),
      run.store.setTaskState(mean, start),
    ]);
    expect(acks).toEqual([
      accepted,
      {
        status: "refused",
        reason: expect.stringContaining("too large"),
        current: expect.objectContaining({ type: "Pending" }),
      },
      accepted,
    ]);
    const held = await api.taskRunStates([days, mean].map(({ id }) => id ?? ""));
    expect([...held.values()].map(({ version, state }) => `${state.type} ${version}`)).toEqual([
      "Running 1",
      "Running 1",
    ]);
    await run.close();
  });

  test("the version lock, and the rule that the flow run must be Running", async () => {
    const { info } = await newRun();
    const [ours, theirs] = [0, 1].map(() => openCloudRun({ api, info, keepIn: folder }));
    if (ours === undefined || theirs === undefined) throw new Error("no runs");
    const [mine, others] = await Promise.all([ours.store.taskRun("days"), theirs.store.taskRun("days")]);
    expect(await ours.store.setTaskState(mine, start)).toMatchObject({
      status: "refused",
      current: { type: "Pending" },
    });
    expect(await theirs.store.setFlowState(running("Running flow."))).toEqual(accepted);
    expect(await theirs.store.setTaskState(others, start)).toEqual(accepted);
    expect(await ours.store.setFlowState(running("Running flow."))).toMatchObject({
      status: "refused",
      current: { type: "Running" },
    });
    const again = openCloudRun({ api, info, keepIn: folder });
    const entry = await again.store.taskRun("days");
    expect(await again.store.setTaskState(entry, start)).toMatchObject({
      status: "refused",
      current: { type: "Running" },
    });
  });

  test("a run that goes on finds its children and their states", async () => {
    const { info } = await newRun();
    const first = openCloudRun({ api, info, keepIn: folder });
    await first.store.setFlowState(running("Running flow."));
    const parent = await first.store.taskRun("fetch-1");
    await first.store.setTaskState(parent, makeState("Mapped", "m", { mapCount: 3 }));
    const [child] = await Promise.all(first.store.children("fetch-1", 0, 2));
    if (child === undefined) throw new Error("no child");
    await first.store.setTaskState(child, start);
    const stored = success("ok", { handler: { type: "S3ResultHandler", bucket: "b", compress: true }, location: "k" });
    await first.store.setTaskState(child, stored);
    const second = openCloudRun({ api, info: await api.flowRunInfo(info.id), keepIn: folder });
    const entries = await Promise.all(second.store.children("fetch-1", 0, 3));
    expect(entries[0]).toMatchObject({ id: child.id, initialState: stored });
    expect(entries.slice(1).map(({ initialState }) => initialState.type)).toEqual(["Pending", "Pending"]);
  });

  test("cached states, secrets and cancellation", async () => {
    const { info } = await newRun();
    const run = openCloudRun({ api, info, keepIn: folder });
    await run.store.setFlowState(running("Running flow."));
    const days = await run.store.taskRun("days");
    await run.store.setTaskState(days, start);
    await run.store.setTaskState(days, done);
    const cached = makeState("Cached", "c", {
      result: { handler: { type: "JSONResultHandler" }, location: "42" },
      cachedUntil: null,
      cachedParameters: { p: 1 },
    });
    expect(await run.store.setTaskState(days, cached)).toEqual(accepted);
    const taskId = info.taskRuns.find(({ slug }) => slug === "days")?.taskId ?? "";
    const query = { taskId, cacheKey: null, newerThan: Date.now() - 60_000 };
    expect(await api.cachedStates([query, { ...query, newerThan: Date.now() + 60_000 }])).toEqual([
      [expect.objectContaining({ type: "Cached", result: cached.result, cachedParameters: { p: 1 } })],
      [],
    ]);
    expect(await run.store.cachedStates("days", null, query.newerThan)).toHaveLength(1);

    await api.setSecret("TOKEN", { user: "ada" });
    expect(await api.secretValue("TOKEN")).toEqual({ user: "ada" });
    expect(await api.secretNames()).toEqual(["TOKEN"]);
    await api.deleteSecret("TOKEN");
    expect(await api.secretValue("TOKEN")).toBeUndefined();

    await api.cancelFlowRun(info.id);
    expect((await api.flowRunState(info.id)).state.type).toBe("Cancelling");
  });
});
