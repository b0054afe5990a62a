import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Deployed, deploy } from "./deployed.ts";

/** What the agents of Prefect 0.7.0 give a container, beside the API's address and the flow run's id. */
const agent07 = {
  PREFECT__CLOUD__AUTH_TOKEN: "a-token",
  PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
  PREFECT__LOGGING__LOG_TO_CLOUD: "true",
  PREFECT__LOGGING__LEVEL: "DEBUG",
  PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
  PREFECT__ENGINE__TASK_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudTaskRunner",
};

let deployed: Deployed;
const execute = (id: string, hooks: Parameters<Deployed["execute"]>[1] = {}) =>
  deployed.execute(id, { ...hooks, env: { ...agent07, FLOW_RUNNER__RESULT_HANDLER: "json", ...hooks.env } });

beforeAll(async () => {
  deployed = await deploy(join(import.meta.dirname, "fixtures/jobs.ts"));
});
afterAll(() => deployed.close());

describe("executing a flow run with the environment of Prefect 0.7.0's agents", () => {
  it("tells every state, checkpoint and log record in 0.7's form", async () => {
    const id = await deployed.run("sums", { n: 3 });
    const { state, conclusion, delivery } = await execute(id);
    expect([state.type, conclusion, delivery.complete]).toEqual(["Success", "finished", true]);
    const told = await deployed.told(id);
    expect(told.states.map((each) => each.state)).toEqual(["Scheduled", "Running", "Success"]);
    expect(told.types("square-1")).toEqual(["Pending", "Mapped"]);
    expect(told.types("square-1[2]").filter((type) => type !== "Pending")).toEqual(["Running", "Success"]);
    const sum = told.task_runs.find(({ task }) => task.slug === "sum-1");
    expect(sum?.serialized_state._result).toEqual({
      type: "SafeResult",
      value: "14",
      result_handler: { type: "JSONResultHandler" },
    });
    expect(sum?.serialized_state).not.toHaveProperty("cached_inputs");
    expect(told.logs.map(({ message }) => message)).toContain("Beginning Flow run for 'sums'");
  });

  it("tells each failed attempt before its retry", async () => {
    const id = await deployed.run("failing");
    expect((await execute(id)).state.type).toBe("Failed");
    const told = await deployed.told(id);
    expect(told.types("fails-1")).toEqual(["Pending", "Running", "Failed", "Retrying", "Running", "Failed"]);
  });

  it("goes on where another container has left off", async () => {
    const id = await deployed.run("hanging");
    const stop = new AbortController();
    const onLog = ({ message }: { message: string }) => {
      if (message === "hanging") stop.abort("SIGTERM");
    };
    const env = { FLOW_RUNNER__ON_STOP: "reschedule" };
    expect((await execute(id, { signal: stop.signal, onLog, env })).conclusion).toBe("handedBack");
    process.env.JOBS_RELEASED = "1";
    onTestFinished(() => void delete process.env.JOBS_RELEASED);
    expect((await execute(id)).state.type).toBe("Success");
    const told = await deployed.told(id);
    expect(told.types("before-1")).toEqual(["Pending", "Running", "Success"]);
    expect(told.types("hangs-1")).toEqual(["Pending", "Running", "Pending", "Running", "Success"]);
  });
});
