import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type Api as EmbeddedApi, startApi } from "../../src/api/index.ts";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import { type Api, openCloudRun } from "../../src/cloud/index.ts";
import { parseRunnerEnvironment } from "../../src/config/index.ts";
import { runFlow } from "../../src/engine/index.ts";
import { registrationForm } from "../../src/graph/index.ts";
import { inProcessHost, MemoryResults } from "../../src/host/index.ts";
import { flow, task } from "../../src/index.ts";
import type { Fault } from "../../src/testing/index.ts";
import { type ApiClient, clientOf } from "../api/api-client.ts";
import { eventually } from "../eventually.ts";
import { ManualClock } from "./manual-clock.ts";

const hour = 3_600_000;
/** Milliseconds of the fake clock that pass at once; what happens within them happens together. */
const step = 10_000;
const lines = 5_760;

/** All that says "not now" and stores nothing. */
const away: readonly Fault[] = [
  { kind: "reset" },
  { kind: "status", status: 503 },
  { kind: "status", status: 429, retryAfter: 20 },
  { kind: "page", status: 502, html: "<html>Bad gateway</html>" },
];

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** The end of each body is the test's. */
function flowOfFour() {
  const began: string[] = [];
  const ends = { short: Promise.withResolvers<number>(), long: Promise.withResolvers<number>() };
  const body = <Value>(name: string, value: () => Value): Value => {
    began.push(name);
    return value();
  };
  const short = task("short", () => body("short", () => ends.short.promise));
  const long = task("long", () => body("long", () => ends.long.promise));
  const after = task("after", ({ x }: { x: number }) => body("after", () => x + 1));
  const sum = task("sum", ({ x, y }: { x: number; y: number }) => body("sum", () => x + y));
  return { began, ends, definition: flow("four", () => sum({ x: after({ x: short() }), y: long() })) };
}

async function openRun(definition: ReturnType<typeof flowOfFour>["definition"]) {
  const server = await startApi();
  open.push(() => server.close());
  const clock = new ManualClock();
  const folder = mkdtempSync(join(tmpdir(), "hour-away-"));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  const warnings: string[] = [];
  const warn = (text: string): unknown => warnings.push(text);
  // What a run has where nobody has set anything.
  const { outageBudget } = parseRunnerEnvironment({
    PREFECT__CLOUD__API: server.url,
    PREFECT__CONTEXT__FLOW_RUN_ID: "7e120550-b7cd-481c-a0ee-02955601c689",
  });
  const api = openGraphqlApi({ url: server.url, key: null, tenantId: null, env: {}, clock, outageBudget, warn });
  open.push(() => api.close());
  const id = await createRun(api, definition);
  const run = openCloudRun({ api, info: await api.flowRunInfo(id), keepIn: folder, clock, warn });
  return { server, clock, folder, warnings, api, id, run };
}
type Opened = Awaited<ReturnType<typeof openRun>>;

async function createRun(api: Api, { graph }: ReturnType<typeof flowOfFour>["definition"]): Promise<string> {
  const { id: projectId } = await api.createProject("demo");
  const serializedFlow = registrationForm(graph, { storage: { type: "Local", flows: {} } });
  const { id: flowId } = await api.registerFlow({ projectId, serializedFlow });
  return api.createFlowRun({ flow: { id: flowId } });
}

/** The engine, with its host in this process. */
function begin({ run, clock }: Opened, flow: ReturnType<typeof flowOfFour>["definition"]) {
  const details = { flowRunId: null, flowRunName: null, parameters: {}, context: {}, defaultHandler: null };
  const host = inProcessHost({
    flow,
    details: { ...details, scheduledStart: clock.now() },
    memory: new MemoryResults(),
    log: () => undefined,
    ask: () => Promise.reject(new Error("none")),
    runFlow: () => Promise.reject(new Error("none")),
  });
  run.start();
  return runFlow({
    ...{ graph: flow.graph, host, store: run.store, clock, observer: run.observer, parameters: {} },
    initialState: { type: "Scheduled", message: null, result: null, context: {} },
    ...{ concurrency: 4, checkpointing: false, flavour: "Cloud", keepValues: false },
    signal: new AbortController().signal,
  });
}

/** Turns of the event loop in which a request that is due has been sent, and an answer has been followed by the next. */
const turns = 50;

/**
 * Lets so much of the fake clock's time go by, and what happens in it be done: until nobody asks for anything any more.
 * A server and a client in one process need turns of its loop, however long the machine takes over them.
 */
async function pass({ server, clock }: Pick<Opened, "server" | "clock">, milliseconds: number): Promise<void> {
  const asked = (): number => server.requests() + server.metFaults().length;
  for (let passed = 0; passed < milliseconds; passed += step) {
    clock.advance(step);
    for (let before = -1; before !== asked(); ) {
      before = asked();
      for (let at = 0; at < turns; at += 1) await turn();
    }
  }
}

const countOf = (server: EmbeddedApi, ...names: readonly string[]): number =>
  server.metFaults().filter(({ operation }) => names.includes(operation)).length;

interface Told {
  readonly flow_run: readonly [
    {
      readonly state: string;
      readonly heartbeat: string;
      readonly task_runs: readonly { task: { slug: string }; states: readonly { state: string }[] }[];
    },
  ];
  readonly log: readonly { message: string }[];
}

const told = (client: ApiClient): Promise<Told> =>
  client.send<Told>(`{
    flow_run { state heartbeat task_runs { task { slug } states(order_by: { version: asc }) { state } } }
    log(where: { name: { _eq: "sensor" } }, order_by: { timestamp: asc }) { message }
  }`);

test("an API that is away for an hour: what is in flight goes on, what needs its word waits, and nothing is lost", async () => {
  const { began, ends, definition } = flowOfFour();
  const opened = await openRun(definition);
  const { server, clock, folder, warnings, run } = opened;
  const outcome = begin(opened, definition);
  await eventually(() => expect(began.toSorted()).toEqual(["long", "short"]));
  await eventually(() => expect(server.requests()).toBeGreaterThan(4));
  const client = clientOf(server);
  const { heartbeat: before } = (await told(client)).flow_run[0];

  server.setFaults({ rules: [{ fault: away }] });
  const say = (at: number): void =>
    run.observer.onLog?.({
      ...{ time: clock.now(), level: "INFO", name: "sensor", taskRunId: null },
      message: `${at} ${"x".repeat(2_000)}`,
    });
  for (let at = 0; at < lines; at += 1) {
    if (at === 100) ends.short.resolve(1);
    if (at % (lines / (hour / step)) === 0) await pass(opened, step);
    say(at);
  }
  // 12 MB of log: what is beyond the share of memory lies on disk.
  const spool = readdirSync(folder).find((name) => name.endsWith(".spool")) ?? "none";
  expect(statSync(join(folder, spool)).size).toBeGreaterThan(2_000_000);
  // The body that had begun came to its end; the one behind it has no acknowledged Running.
  expect(began.toSorted()).toEqual(["long", "short"]);
  // 120 heartbeats and up to 240 looks for a cancellation, those left out for which Retry-After had no time; beside them what the
  // state waits for, every 10 to 20 seconds, as the backoff's limit and jitter have it.
  expect(countOf(server, "update_flow_run_heartbeat")).toBeGreaterThan(60);
  const questions = countOf(server, "flow_run_by_pk", "set_task_run_states", "task_run");
  expect(questions).toBeGreaterThan(200);
  expect(questions).toBeLessThan(600);
  expect(countOf(server, "write_run_logs")).toBeGreaterThan(30);
  expect(countOf(server, "write_run_logs")).toBeLessThan(120);

  server.setFaults(null);
  await pass(opened, 60_000);
  await eventually(() => expect(began).toContain("after"));
  ends.long.resolve(10);
  await eventually(async () => {
    await pass(opened, step);
    expect(began).toContain("sum");
  });
  expect((await outcome).state.type).toBe("Success");
  expect(await run.close()).toEqual({ complete: true, states: 0, logs: 0, files: [] });

  const { flow_run, log } = await told(client);
  expect(flow_run[0].state).toBe("Success");
  expect(Date.parse(flow_run[0].heartbeat)).toBeGreaterThan(Date.parse(before));
  for (const { task, states } of flow_run[0].task_runs)
    expect([task.slug, ...states.map(({ state }) => state)]).toEqual([task.slug, "Pending", "Running", "Success"]);
  expect(log.map(({ message }) => Number.parseInt(message, 10))).toEqual([...Array(lines).keys()]);
  // Each of them once in all that time, or once more at its end.
  expect(warnings.length).toBeLessThan(10);
  expect([...new Set(warnings.map((text) => text.slice(0, 28)))].toSorted()).toEqual([
    "Logs could not be sent and a",
    "The API at http://127.0.0.1:",
    "The API is there again after",
    "The heartbeat failed: The AP",
    "The question whether the run",
  ]);
});
