import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { LogRecord } from "../../src/engine/index.ts";
import { type Collector, plain, type Span, startCollector } from "./collector.ts";
import { type Deployed, deploy } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy(join(import.meta.dirname, "fixtures/measured.ts"));
});
afterAll(() => deployed.close());

async function collector(isSilent = false): Promise<Collector> {
  const started = await startCollector(isSilent);
  onTestFinished(() => started.close());
  return started;
}

/** Executes a run of a flow with these variables, which the exporters look up for themselves. */
async function execute(flow: string, env: Record<string, string>) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const logs: LogRecord[] = [];
  const id = await deployed.run(flow);
  const outcome = await deployed.execute(id, { env, onLog: (record) => logs.push(record) });
  const warnings = logs.filter(({ message }) => message.includes("Traces and metrics")).map(({ message }) => message);
  return { id, outcome, warnings };
}

const named = (spans: readonly Span[], name: string): Span => {
  const found = spans.filter((each) => each.name === name);
  if (found.length !== 1) throw new Error(`${found.length} of ${name} in ${spans.map((each) => each.name).join(", ")}`);
  return found[0] as Span;
};

const ok = 1;
const failed = 2;

describe("a run with OpenTelemetry's variables", () => {
  it("sends a span of the run, of each task run, result write and request, and metrics of them", async () => {
    const receiver = await collector();
    const { id, outcome, warnings } = await execute("measured", {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20collector",
      OTEL_SERVICE_NAME: "weather",
      OTEL_RESOURCE_ATTRIBUTES: "team=forecast",
      TRACEPARENT: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    expect([outcome.state.type, warnings]).toEqual(["Success", []]);
    expect(new Set(receiver.received.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer collector"]));
    expect(receiver.resource()).toMatchObject({ "service.name": "weather", team: "forecast" });

    const spans = receiver.spans();
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(["0af7651916cd43dd8448eb211c80319c"]));
    const run = named(spans, "measured");
    expect(run).toMatchObject({ parentSpanId: "b7ad6b7169203331", status: { code: ok } });
    expect(plain(run.attributes)).toMatchObject({ "flow_run.id": id, state: "Success" });
    expect(run.events.map(({ name }) => name)).toEqual(["Running", "Success"]);

    const parents = { "list-1": run, "waits-1": run, "alone-1": run, "wobbles-1": run };
    for (const [name, parent] of Object.entries(parents))
      expect([name, named(spans, name).parentSpanId]).toEqual([name, parent.spanId]);
    const mapped = named(spans, "waits-1");
    for (const index of [0, 1, 2]) {
      const child = named(spans, `waits-1[${index}]`);
      expect(child.parentSpanId).toBe(mapped.spanId);
      expect(BigInt(child.endTimeUnixNano) - BigInt(child.startTimeUnixNano)).toBeGreaterThan(45_000_000n);
      expect(BigInt(child.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(mapped.endTimeUnixNano));
    }
    const wobbles = named(spans, "wobbles-1");
    expect(wobbles.events.map(({ name }) => name)).toEqual(["Running", "Failed", "Retrying", "Running", "Success"]);
    expect(wobbles.status?.code).toBe(ok);
    expect(plain(wobbles.attributes)).toMatchObject({ "task_run.run_count": 2, state: "Success" });
    const alone = plain(named(spans, "alone-1").attributes);
    expect(alone["task_run.isolated"]).toBe(true);
    expect(Number(alone["process.memory.peak"])).toBeGreaterThan(200 * 1024 * 1024);

    const writes = spans.filter(({ name }) => name === "write result");
    const written = ["list-1", "waits-1[0]", "waits-1[1]", "waits-1[2]", "alone-1", "wobbles-1"];
    expect(writes.map(({ parentSpanId }) => parentSpanId).sort()).toEqual(
      written.map((name) => named(spans, name).spanId).sort(),
    );
    expect(plain(writes[0]?.attributes ?? [])).toEqual({ "result.handler": "JSONResultHandler" });

    const calls = spans.filter(({ name }) => name.startsWith("API: "));
    expect(calls.length).toBeGreaterThan(5);
    expect(new Set(calls.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([run.spanId]));
    const answered = calls.filter(({ attributes }) => "http.response.status_code" in plain(attributes));
    expect(answered.map(({ name }) => name)).toContain("API: the question about the flow run");
    expect(new Set(answered.map(({ attributes }) => Number(plain(attributes)["http.response.status_code"])))).toEqual(
      new Set([200]),
    );
    // One that was given up at the end, since nobody waits for its answer any more.
    const others = calls.filter((each) => !answered.includes(each));
    expect(others.every(({ status }) => status?.code === failed)).toBe(true);

    expect(new Set(receiver.metrics())).toEqual(
      new Set([
        "flow_runner.flow_run.duration",
        "flow_runner.task_run.duration",
        "flow_runner.task_run.cpu",
        "flow_runner.task_run.memory",
        "flow_runner.task_run.states",
        "flow_runner.result.write.duration",
        "flow_runner.api.request.duration",
      ]),
    );
  });

  it("speaks protobuf where nothing else is said, and tells what failed", async () => {
    const receiver = await collector();
    await execute("lost", { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    expect(new Set(receiver.received.map(({ path, type }) => `${path} ${type}`))).toEqual(
      new Set(["/v1/traces application/x-protobuf", "/v1/metrics application/x-protobuf"]),
    );
    const bytes = Buffer.concat(receiver.received.map(({ body }) => body)).toString("latin1");
    expect(bytes).toContain("fails-1");
    expect(bytes).toContain("TypeError: never");
  });

  it("tells a task that fails for good as an error", async () => {
    const receiver = await collector();
    await execute("lost", { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" });
    const spans = receiver.spans();
    expect([named(spans, "lost").status?.code, named(spans, "fails-1").status?.code]).toEqual([failed, failed]);
    expect(named(spans, "lost").parentSpanId ?? "").toBe("");
  });

  it.each<[string, Record<string, string>, string[]]>([
    ["no traces", { OTEL_TRACES_EXPORTER: "none" }, ["/v1/metrics"]],
    ["no metrics", { OTEL_METRICS_EXPORTER: "none" }, ["/v1/traces"]],
    ["no runs traced", { OTEL_TRACES_SAMPLER: "always_off" }, ["/v1/metrics"]],
    [
      "what the parent says",
      { TRACEPARENT: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00" },
      ["/v1/metrics"],
    ],
    ["nothing at all", { OTEL_SDK_DISABLED: "true" }, []],
  ])("sends %s where that is asked", async (_what, env, paths) => {
    const receiver = await collector();
    const { warnings } = await execute("lost", { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env });
    expect([...new Set(receiver.received.map(({ path }) => path))]).toEqual(paths);
    expect(warnings).toEqual([]);
  });

  it.each<[string, (silent: string) => Record<string, string>, RegExp]>([
    ["never answers", (silent) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: silent }), /has not taken them within 3 s|timed out/],
    ["has an address that is none", () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector" }), /"collector" is no address/],
    [
      "is of a kind that is not known",
      () => ({ OTEL_TRACES_EXPORTER: "zipkin", OTEL_METRICS_EXPORTER: "none" }),
      /OTEL_TRACES_EXPORTER is "zipkin"/,
    ],
    // Last: its exporters go on trying for a while.
    [
      "refuses connections",
      () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" }),
      /cannot be reached: .*ECONNREFUSED/,
    ],
  ])("ends as without a collector where that %s, with one warning", async (_what, env, reason) => {
    const receiver = await collector(true);
    const { outcome, warnings } = await execute("measured", env(receiver.url));
    expect(outcome).toMatchObject({ conclusion: "finished", state: { type: "Success" }, delivery: { complete: true } });
    expect(warnings).toEqual([expect.stringMatching(reason)]);
  });
});

describe("the packages of OpenTelemetry", () => {
  const folder = mkdtempSync(join(tmpdir(), "telemetry-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Who has loaded them: the last word of the path of each process's script. */
  async function loadedBy(env: Record<string, string>): Promise<string[]> {
    const found = join(folder, `${Object.keys(env).length}.txt`);
    const hook = join(folder, "hook.mjs");
    writeFileSync(
      hook,
      `import { appendFileSync } from "node:fs";
       import { registerHooks } from "node:module";
       registerHooks({ resolve(name, context, next) {
         if (name.startsWith("@opentelemetry/")) appendFileSync(process.env.FOUND, process.argv[1] + "\\n");
         return next(name, context);
       } });`,
    );
    const id = await deployed.run("lost");
    const { PATH = "" } = process.env;
    const child = spawn(process.execPath, [join(import.meta.dirname, "../../src/cli/main.ts"), "execute"], {
      env: { ...deployed.agentEnv(id), PATH, NODE_OPTIONS: `--import=${hook}`, FOUND: found, ...env },
      ...{ stdio: "ignore", timeout: 240_000, killSignal: "SIGKILL" },
    });
    expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);
    return existsSync(found) ? [...new Set(readFileSync(found, "utf8").trim().split("\n"))] : [];
  }

  it("are loaded by the runner alone, and by nobody without one of its variables", async () => {
    const receiver = await collector();
    expect(await loadedBy({})).toEqual([]);
    expect(await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })).toEqual([
      expect.stringMatching(/src\/cli\/main\.ts$/),
    ]);
    expect(receiver.received.length).toBeGreaterThan(0);
  });
});
