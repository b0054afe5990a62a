import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAuthorEnvironment } from "../../src/config/index.ts";
import type { LogRecord } from "../../src/engine/index.ts";
import type { FlowGraph } from "../../src/graph/index.ts";
import { withConfiguredDefaults } from "../../src/run/here/configured-defaults.ts";
import { type Deployed, deploy } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy(join(import.meta.dirname, "fixtures/configured.ts"));
});
afterAll(() => deployed.close());

async function execute(flow: string, env: Readonly<Record<string, string>>) {
  const logs: LogRecord[] = [];
  const id = await deployed.run(flow);
  const outcome = await deployed.execute(id, { env, onLog: (record) => logs.push(record) });
  return { outcome, logs, told: await deployed.told(id) };
}

describe("a run with Prefect's configuration in its container", () => {
  it("retries tasks that do not say how often", async () => {
    const env = { PREFECT__TASKS__DEFAULTS__MAX_RETRIES: "1", PREFECT__TASKS__DEFAULTS__RETRY_DELAY: "0" };
    const { told } = await execute("fragile", env);
    expect(told.types("plain-1")).toEqual(["Pending", "Running", "Failed", "Retrying", "Running", "Failed"]);
    expect(told.types("once-1")).toEqual(["Pending", "Running", "Failed"]);
  });

  it("that wants retries without a delay is a Failed run that says what is missing", async () => {
    const id = await deployed.run("fragile");
    const env = { PREFECT__TASKS__DEFAULTS__MAX_RETRIES: "1" };
    await expect(deployed.execute(id, { env })).rejects.toMatchObject({ code: "TASK_OPTION_INVALID" });
    const { state, serialized_state } = await deployed.told(id);
    expect([state, serialized_state.message]).toEqual(["Failed", expect.stringContaining("DEFAULTS__RETRY_DELAY")]);
  });

  it("is refused an executor that is not there, unless the flow names its own", async () => {
    const env = { PREFECT__ENGINE__EXECUTOR__DEFAULT_CLASS: "prefect.executors.DaskExecutor" };
    const refused = await execute("plain", env);
    expect(refused.told.state).toBe("Failed");
    expect(refused.told.serialized_state.message).toMatch(/"prefect.executors.DaskExecutor" is not there yet/);
    expect((await execute("own executor", env)).told.state).toBe("Success");
    const local = { PREFECT__ENGINE__EXECUTOR__DEFAULT_CLASS: "prefect.engine.executors.LocalExecutor" };
    expect((await execute("plain", local)).told.state).toBe("Success");
  });

  it("says once in its log which settings have no effect: as a warning where it would go another way", async () => {
    const env = {
      PREFECT__LOGGING__LEVEL: "debug",
      PREFECT__BACKEND: "server",
      PREFECT__LOGGING__FORMAT: "%(message)s",
      PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "mine.FlowRunner",
      PREFECT__OF__NOBODY: "1",
      // Of Prefect 3, whose API alone retries a flow.
      PREFECT_FLOWS_DEFAULT_RETRIES: "1",
    };
    const { logs, told } = await execute("plain", env);
    const said = logs.filter(({ message }) => /ha(s|ve) no effect/.test(message));
    expect(said.map(({ level, message }) => [level, message.split(" ")[0]])).toEqual([
      ["WARNING", "PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS"],
      ["DEBUG", "PREFECT__LOGGING__FORMAT"],
      ["WARNING", "The"],
    ]);
    expect(told.logs.filter(({ message }) => message?.includes("has no effect"))).toHaveLength(2);
  });
});

describe("defaults of tasks", () => {
  const filled = async (env: Readonly<Record<string, string>>) => {
    const graph = await deployed.graph("fragile");
    const { tasks } = withConfiguredDefaults(graph, parseAuthorEnvironment({ HOME: "/nonexistent", ...env }));
    return Object.fromEntries(tasks.map((task): [string, FlowGraph["tasks"][number]] => [task.slug, task]));
  };

  it("go to tasks that leave the option out, and to no parameter", async () => {
    const tasks = await filled({
      ...{ PREFECT__TASKS__DEFAULTS__TIMEOUT: "90", PREFECT__TASKS__DEFAULTS__CHECKPOINT: "true" },
      ...{ PREFECT__TASKS__DEFAULTS__MAX_RETRIES: "2", PREFECT__TASKS__DEFAULTS__RETRY_DELAY: "10" },
    });
    expect(tasks["plain-1"]).toMatchObject({ maxRetries: 2, retryDelay: 10_000, timeout: 90_000, checkpoint: true });
    expect(tasks["once-1"]).toMatchObject({ maxRetries: 0, retryDelay: 0, timeout: 5_000, checkpoint: false });
    expect(tasks.n).toMatchObject({ maxRetries: 0, timeout: null });
  });

  it("may be turned off, as in Prefect's own file", async () => {
    const off = { PREFECT__TASKS__DEFAULTS__MAX_RETRIES: "false", PREFECT__TASKS__DEFAULTS__TIMEOUT: "False" };
    expect((await filled(off))["plain-1"]).toMatchObject({ maxRetries: 0, timeout: null, checkpoint: null });
  });
});
