import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { startApi } from "../../../src/api/index.ts";
import { openGraphqlApi } from "../../../src/cloud/graphql/open-graphql-api.ts";
import { type Api, claimFlowRun, deliverFile, openCloudRun } from "../../../src/cloud/index.ts";
import { failed, retrying, running, type State, success } from "../../../src/state/index.ts";
import type { FaultPlan, Api as Server } from "../../../src/testing/index.ts";
import { clientOf, historyOf } from "../../api/api-client.ts";
import { JumpingClock } from "../manual-clock.ts";

const away: FaultPlan = { rules: [{ fault: { kind: "status", status: 503 } }] };
const start = running("Starting task run.");
const done = success("Task run succeeded.");
const all = success("All reference tasks succeeded.");

let folder: string;
let server: Server;
let api: Api;
let id: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "deliver-"));
  server = await startApi();
  api = openGraphqlApi({
    url: server.url,
    key: null,
    tenantId: null,
    env: {},
    clock: new JumpingClock(),
    outageBudget: 60_000,
  });
  const project = await api.createProject("demo");
  const tasks = ["a-1", "b-1"].map((slug) => ({
    ...{ slug, name: slug, type: "prefect.tasks.core.function.FunctionTask", tags: [], max_retries: 0 },
    ...{ trigger: { fn: "prefect.triggers.all_successful", kwargs: {} }, auto_generated: false },
  }));
  const serializedFlow = {
    ...{ name: "pair", type: "prefect.core.flow.Flow", parameters: [], tasks, edges: [], reference_tasks: [] },
    ...{ storage: { type: "Local", flows: {} }, run_config: { type: "UniversalRun", labels: [] }, schedule: null },
  };
  id = await api.createFlowRun({
    flow: { id: (await api.registerFlow({ projectId: project.id, serializedFlow })).id },
  });
  return async () => {
    api.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
});

/** A run of both tasks whose API goes away after they have begun, and is away at its end. */
async function untold(states: readonly State[], lines: readonly string[] = []) {
  const run = openCloudRun({ api, info: await api.flowRunInfo(id), runnerId: "first", keepIn: folder });
  const [a, b] = [await run.store.taskRun("a-1"), await run.store.taskRun("b-1")];
  await run.store.setFlowState(running("Running flow."));
  await Promise.all([run.store.setTaskState(a, start), run.store.setTaskState(b, start)]);
  server.setFaults(away);
  for (const state of states) await run.store.setTaskState(a, state);
  await run.store.setFlowState(all);
  for (const message of lines)
    run.observer.onLog?.({ time: Date.UTC(2026, 0, 1), level: "INFO", name: "x", message, taskRunId: a.id });
  const { files, complete } = await run.close();
  expect(complete).toBe(false);
  server.setFaults(null);
  const [file = "", logFile = ""] = files;
  return { a: a.id ?? "", b: b.id ?? "", file, logFile };
}

const statesOf = async (taskRunId: string): Promise<readonly string[]> =>
  (await historyOf(clientOf(server), "task_run", taskRunId)).map(({ state }) => state);
const flowStates = async (): Promise<readonly string[]> =>
  (await historyOf(clientOf(server), "flow_run", id)).map(({ state }) => state);
const logLines = async (): Promise<readonly string[]> => {
  const { log } = await clientOf(server).send<{ log: { message: string }[] }>("{ log { message } }");
  return log.map(({ message }) => message);
};

describe("the states that a run has kept", () => {
  test("are told in their order, and the file is gone; the flow's end comes last", async () => {
    const { a, file } = await untold([failed("no"), retrying(1, 1, 0)]);
    expect(await deliverFile(api, file)).toEqual({ states: 3, logs: 0, left: 0, reasons: [] });
    expect(await statesOf(a)).toEqual(["Pending", "Running", "Failed", "Retrying"]);
    expect((await flowStates()).at(-1)).toBe("Success");
    expect(existsSync(file)).toBe(false);
  });

  test("are told once, however often the file is sent", async () => {
    const { a, file } = await untold([failed("no"), retrying(1, 1, 0)]);
    const copy = readFileSync(file);
    await deliverFile(api, file);
    writeFileSync(file, copy);
    expect(await deliverFile(api, file)).toMatchObject({ states: 3, left: 0 });
    expect(await statesOf(a)).toEqual(["Pending", "Running", "Failed", "Retrying"]);
    expect((await flowStates()).filter((state) => state === "Success")).toHaveLength(1);
  });

  test("that the API had stored before its answer got lost are not told again", async () => {
    const { a, file } = await untold([done]);
    server.setFaults({ rules: [{ fault: { kind: "lost" }, operations: ["set_task_run_states"] }] });
    expect(await deliverFile(api, file)).toMatchObject({ states: 2, left: 0 });
    expect(await statesOf(a)).toEqual(["Pending", "Running", "Success"]);
  });

  test("stay in the file while the API is away", async () => {
    const { file } = await untold([done]);
    const kept = readFileSync(file, "utf8");
    server.setFaults(away);
    await expect(deliverFile(api, file)).rejects.toMatchObject({ code: "API_UNREACHABLE" });
    expect(readFileSync(file, "utf8")).toBe(kept);
  });

  test("that cannot go on in the middle leave the flow run as it is", async () => {
    const { a, file } = await untold([failed("no"), retrying(1, 1, 0)]);
    server.setFaults({
      rules: [{ fault: { kind: "status", status: 503 }, operations: ["set_task_run_states"], after: 1 }],
    });
    expect(await deliverFile(api, file)).toMatchObject({ states: 0, left: 3 });
    expect(await statesOf(a)).toEqual(["Pending", "Running", "Failed"]);
    expect((await flowStates()).at(-1)).toBe("Running");
    server.setFaults(null);
    expect(await deliverFile(api, file)).toMatchObject({ states: 3, left: 0 });
    expect(await statesOf(a)).toEqual(["Pending", "Running", "Failed", "Retrying"]);
    expect((await flowStates()).at(-1)).toBe("Success");
  });

  test("do not overrule what was concluded meanwhile", async () => {
    const { a, file } = await untold([done]);
    const set = (what: object) => api.submit({ flowRunId: id, creations: [], taskStates: [], flowStates: [], ...what });
    await set({ taskStates: [{ taskRunId: a, state: failed("No heartbeat detected."), version: null }] });
    await set({ flowStates: [{ state: failed("Set by hand."), version: null }] });
    const reasons = ["it has become Failed meanwhile"];
    expect(await deliverFile(api, file)).toEqual({ states: 0, logs: 0, left: 2, reasons });
    expect((await statesOf(a)).at(-1)).toBe("Failed");
    expect((await flowStates()).at(-1)).toBe("Failed");
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(2);
  });

  test("are no business of a run that another container has by now", async () => {
    const { a, file } = await untold([done]);
    expect(await claimFlowRun(api, await api.flowRunInfo(id), "second")).toEqual({ status: "accepted" });
    const reasons = ["another container has this flow run by now"];
    expect(await deliverFile(api, file)).toEqual({ states: 0, logs: 0, left: 2, reasons });
    expect(await statesOf(a)).toEqual(["Pending", "Running"]);
  });

  test("of a run that the API does not know stay where they are", async () => {
    const { file } = await untold([done]);
    const other = await startApi();
    onTestFinished(() => other.close());
    const elsewhere = openGraphqlApi({ url: other.url, key: null, tenantId: null, env: {} });
    await expect(deliverFile(elsewhere, file)).rejects.toMatchObject({ code: "FLOW_RUN_NOT_FOUND" });
    elsewhere.close();
    expect(existsSync(file)).toBe(true);
  });
});

describe("the log lines that a run has kept", () => {
  const many = Array.from({ length: 300 }, (_, at) => `line ${at}`);

  test("arrive in order, with their task run, and the file is gone", async () => {
    const { logFile } = await untold([done], many);
    expect(await deliverFile(api, logFile)).toEqual({ states: 0, logs: 300, left: 0, reasons: [] });
    expect(await logLines()).toEqual(many);
    expect(existsSync(logFile)).toBe(false);
  });

  test("that are too much for one request go in several; what has arrived is not sent again", async () => {
    const large = Array.from({ length: 9 }, (_, at) => `${at} ${"x".repeat(900_000)}`);
    const { logFile } = await untold([done], large);
    server.setFaults({ rules: [{ fault: { kind: "status", status: 503 }, operations: ["write_run_logs"], after: 1 }] });
    await expect(deliverFile(api, logFile)).rejects.toMatchObject({ code: "API_UNREACHABLE" });
    server.setFaults(null);
    const { logs } = await deliverFile(api, logFile);
    expect(logs).toBeLessThan(9);
    expect(await logLines()).toEqual(large);
  });
});

describe("a file", () => {
  test("whose last line is torn gives what it has, and keeps the rest", async () => {
    const { file } = await untold([done]);
    appendFileSync(file, '{"flow_run_id":"');
    expect(await deliverFile(api, file)).toEqual({ states: 2, logs: 0, left: 1, reasons: ["a line is torn"] });
    expect(readFileSync(file, "utf8")).toBe('{"flow_run_id":"\n');
  });

  test.each([
    ["is not there", null],
    ["holds something else", "These are notes.\n"],
    ["is empty", ""],
  ])("that %s is refused, and left as it is", async (_, content) => {
    const file = join(folder, "notes.txt");
    if (content !== null) writeFileSync(file, content);
    await expect(deliverFile(api, file)).rejects.toMatchObject({ code: "KEPT_FILE_UNREADABLE" });
    expect(existsSync(file) ? readFileSync(file, "utf8") : null).toBe(content);
  });
});
