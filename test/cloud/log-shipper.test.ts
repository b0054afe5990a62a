import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import { type Api, type CloudRun, type CloudRunOptions, openCloudRun } from "../../src/cloud/index.ts";
import { LogQueue } from "../../src/cloud/logs/log-queue.ts";
import type { LogRecord } from "../../src/engine/index.ts";
import { eventually } from "../eventually.ts";
import { FakeApi } from "./fake-api.ts";
import { ManualClock } from "./manual-clock.ts";

let fake: FakeApi;
let api: Api;
let clock: ManualClock;
let folder: string;
let warnings: string[];

beforeEach(async () => {
  fake = await new FakeApi().listen();
  clock = new ManualClock();
  folder = mkdtempSync(join(tmpdir(), "logs-"));
  warnings = [];
  api = openGraphqlApi({ url: fake.url, key: null, tenantId: null, env: {}, outageBudget: 2_000 });
});

afterEach(async () => {
  api.close();
  await fake.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<CloudRunOptions> = {}): Promise<CloudRun> {
  const info = await api.flowRunInfo("fr-1");
  return openCloudRun({ api, info, keepIn: folder, clock, warn: (text) => warnings.push(text), ...options });
}

const record = (message: string, more: Partial<LogRecord> = {}): LogRecord => ({
  time: Date.UTC(2026, 10, 23, 8, 41, 11, 95),
  level: "INFO",
  name: "prefect.CloudFlowRunner",
  message,
  taskRunId: null,
  ...more,
});
const messages = () => fake.logs.map(({ message }) => message);
const shipped = (count: number) => eventually(() => expect(fake.logs.length).toBeGreaterThanOrEqual(count));

test("records are shipped every five seconds and at close, in order, as Prefect 1.x does", async () => {
  const run = await open();
  run.start();
  run.observer.onLog?.(record("Beginning Flow run for 'basic'"));
  run.observer.onLog?.(record("Task 'p': Starting task run...", { taskRunId: "tr-p" }));
  clock.advance(5_000);
  await shipped(2);
  run.observer.onLog?.(record("last"));
  expect(await run.close()).toMatchObject({ complete: true, logs: 0 });
  expect(fake.logs).toEqual([
    {
      flow_run_id: "fr-1",
      task_run_id: null,
      timestamp: "2026-11-23T08:41:11.095000+00:00",
      name: "prefect.CloudFlowRunner",
      level: "INFO",
      message: "Beginning Flow run for 'basic'",
    },
    expect.objectContaining({ task_run_id: "tr-p" }),
    expect.objectContaining({ message: "last" }),
  ]);
  expect(fake.fieldsOf("write_run_logs")).toHaveLength(2);
  expect(readdirSync(folder)).toEqual([]);
});

test("logs and states never share a request", async () => {
  const run = await open();
  run.start();
  run.observer.onLog?.(record("line"));
  const sent = run.store.setFlowState({ type: "Running", message: "r", result: null, context: {} });
  clock.advance(5_000);
  await Promise.all([sent, shipped(1)]);
  await run.close();
  expect(fake.requests.filter(({ fields }) => fields.length > 1)).toEqual([]);
});

test("records below the level stay here", async () => {
  const run = await open({ logLevel: "WARNING" });
  for (const level of ["DEBUG", "INFO", "WARNING", "ERROR"] as const) run.observer.onLog?.(record(level, { level }));
  await run.close();
  expect(messages()).toEqual(["WARNING", "ERROR"]);
});

test("with sending turned off nothing is sent", async () => {
  const run = await open({ sendLogs: false });
  run.start();
  run.observer.onLog?.(record("line"));
  clock.advance(60_000);
  expect(await run.close()).toMatchObject({ complete: true, logs: 0 });
  expect(fake.fieldsOf("write_run_logs")).toEqual([]);
});

describe("sizes", () => {
  test.each([
    ["long", "x".repeat(5_000_000)],
    ["full of escapes", '\u0001"\\\n'.repeat(400_000)],
    ["of other scripts", "🌦".repeat(900_000)],
  ])("a message that is %s is cut with a word about it, and keeps both ends", async (_name, body) => {
    const run = await open();
    run.observer.onLog?.(record(`<begin>${body}<end>`));
    expect(await run.close()).toMatchObject({ complete: true });
    const message = String(messages()[0]);
    expect(message.length).toBeLessThanOrEqual(1_000_000);
    expect(message).toMatch(/^<begin>/);
    expect(message).toMatch(/<end>$/);
    expect(message).toMatch(/\d+ characters were cut out/);
    expect(Math.max(...fake.requests.map(({ bytes }) => bytes))).toBeLessThan(4_000_000);
  });

  test("a message of a million characters is left alone", async () => {
    const run = await open();
    run.observer.onLog?.(record("x".repeat(1_000_000)));
    await run.close();
    expect(String(messages()[0])).toBe("x".repeat(1_000_000));
  });

  test("batches stay under three million bytes", async () => {
    const run = await open();
    for (let at = 0; at < 20; at += 1) run.observer.onLog?.(record(`${at} ${'"'.repeat(300_000)}`));
    expect(await run.close()).toMatchObject({ complete: true });
    expect(messages().map((message) => Number.parseInt(String(message), 10))).toEqual([...Array(20).keys()]);
    const sizes = fake.fieldsOf("write_run_logs").map(({ bytes }) => bytes);
    expect(Math.max(...sizes)).toBeLessThan(3_100_000);
    expect(sizes.length).toBeLessThan(20);
  });
});

describe("a record that the API rejects", () => {
  test("is replaced by a note, and holds up nothing", async () => {
    fake.faultOf = ({ variables }) =>
      JSON.stringify(variables).includes("poison") ? { kind: "invalid", message: "level is no enum value" } : null;
    const run = await open();
    for (const text of ["a", "b", "poison", "c", "d"]) run.observer.onLog?.(record(text));
    expect(await run.close()).toMatchObject({ complete: true });
    expect(messages()).toEqual(["a", "b", expect.stringContaining("level is no enum value"), "c", "d"]);
  });

  test("because the batch is too large for it: the batch is divided", async () => {
    fake.faultOf = ({ bytes, fields }) =>
      fields.includes("write_run_logs") && bytes > 2_000 ? { kind: "status", status: 413 } : null;
    const run = await open();
    for (let at = 0; at < 10; at += 1) run.observer.onLog?.(record(`${at} ${"x".repeat(500)}`));
    expect(await run.close()).toMatchObject({ complete: true });
    expect(messages()).toHaveLength(10);
  });
});

describe("an outage", () => {
  test("that the API itself tells of is no word against a record", async () => {
    const run = await open();
    run.start();
    fake.faults.push({ kind: "invalid", message: "API_ERROR", code: "API_ERROR", status: 200 });
    run.observer.onLog?.(record("one"));
    await eventually(async () => {
      clock.advance(5_000);
      expect(messages()).toEqual(["one"]);
    });
    await run.close();
  });

  test("delays the log and keeps its order", async () => {
    const run = await open();
    run.start();
    fake.faultOf = ({ fields }) => (fields.includes("write_run_logs") ? { kind: "status", status: 503 } : null);
    run.observer.onLog?.(record("one"));
    clock.advance(5_000);
    await eventually(() => expect(warnings).toEqual([expect.stringContaining("kept")]));
    run.observer.onLog?.(record("two"));
    fake.faultOf = () => null;
    await eventually(() => {
      clock.advance(5_000);
      expect(messages()).toEqual(["one", "two"]);
    });
    await run.close();
  });

  test("that outlasts the run leaves the log on disk", async () => {
    const run = await open();
    fake.faultOf = ({ fields }) => (fields.includes("write_run_logs") ? { kind: "status", status: 503 } : null);
    for (const text of ["one", "two"]) run.observer.onLog?.(record(text));
    const closing = run.close();
    await eventually(() => expect(fake.fieldsOf("write_run_logs").length).toBeGreaterThan(1));
    const delivery = await closing;
    const file = join(folder, "fr-1.logs.jsonl");
    expect(delivery).toEqual({ complete: false, states: 0, logs: 2, files: [file] });
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { flow_run_id: "fr-1", level: "INFO", message: "one" },
      { flow_run_id: "fr-1", level: "INFO", message: "two" },
    ]);
    expect(fake.fieldsOf("write_run_logs").length).toBeLessThan(8);
  });

  test("a wrong key is not hammered", async () => {
    const run = await open();
    fake.faultOf = () => ({ kind: "status", status: 401 });
    for (let at = 0; at < 100; at += 1) run.observer.onLog?.(record(String(at)));
    expect(await run.close()).toMatchObject({ logs: 100 });
    expect(fake.fieldsOf("write_run_logs")).toHaveLength(1);
  });
});

describe("the queue", () => {
  const large = (at: number) => record(`${at} ${"x".repeat(100_000)}`);

  test("goes to disk when memory has its share, and gives back everything in order", () => {
    const file = join(folder, "spool");
    const queue = new LogQueue(file);
    for (let at = 0; at < 300; at += 1) queue.add(large(at));
    expect(queue.bytes).toBeLessThan(9_000_000);
    expect(existsSync(file)).toBe(true);
    const seen: number[] = [];
    let late = false;
    while (!queue.isEmpty) {
      const batch = queue.peek(3_000_000);
      seen.push(...batch.map(({ message }) => Number.parseInt(message, 10)));
      queue.shift(batch.length);
      // What comes while the disk still holds something goes behind it.
      if (!late && seen.length > 80) {
        late = true;
        queue.add(large(300));
      }
    }
    expect(seen).toEqual([...Array(301).keys()]);
    expect(existsSync(file)).toBe(false);
  });

  test("loses to a disk that takes nothing no more than what is beyond memory, and counts it", () => {
    const queue = new LogQueue("/dev/null/spool", { inMemory: 500_000, onDisk: 10_000_000 });
    for (let at = 0; at < 50; at += 1) queue.add(large(at));
    const { count, problem } = queue.keep("/dev/null/kept", (each) => each);
    expect(count).toBe(4);
    expect(queue.takeDropped()).toBe(46);
    expect(problem).toContain("/dev/null");
  });

  test("counts what finds no room on disk either", () => {
    const queue = new LogQueue(join(folder, "spool"), { inMemory: 500_000, onDisk: 1_000_000 });
    for (let at = 0; at < 50; at += 1) queue.add(large(at));
    const dropped = queue.takeDropped();
    expect(dropped).toBeGreaterThan(30);
    expect(queue.keep(join(folder, "kept"), (each) => each)).toEqual({ count: 50 - dropped, problem: null });
    expect(queue.takeDropped()).toBe(0);
  });
});
