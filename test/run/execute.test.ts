import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { LogRecord } from "../../src/engine/index.ts";
import { type Deployed, deploy } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy(join(import.meta.dirname, "fixtures/jobs.ts"));
});
afterAll(() => deployed.close());

describe("executing a flow run against an API", () => {
  it("tells every state, in order, and ends with the truth there", async () => {
    const { run, execute, told } = deployed;
    const id = await run("sums", { n: 3 });
    const { state, conclusion, delivery } = await execute(id);
    expect([state.type, conclusion, delivery.complete]).toEqual(["Success", "finished", true]);
    const run1 = await told(id);
    expect(run1.states.map(({ state }) => state)).toEqual(["Scheduled", "Running", "Success"]);
    expect(run1.types("square-1")).toEqual(["Pending", "Mapped"]);
    expect(run1.types("square-1[2]").filter((type) => type !== "Pending")).toEqual(["Running", "Success"]);
    expect(run1.types("sum-1")).toEqual(["Pending", "Running", "Success"]);
    expect(run1.task_runs).toHaveLength(4 + 3);
  });

  it("tells each failed attempt before its retry", async () => {
    const { run, execute, told } = deployed;
    const id = await run("failing");
    const { state, conclusion } = await execute(id);
    expect([state.type, conclusion]).toEqual(["Failed", "finished"]);
    const run1 = await told(id);
    expect(run1.types("fails-1")).toEqual(["Pending", "Running", "Failed", "Retrying", "Running", "Failed"]);
    expect(run1.task_runs[0]?.serialized_state.message).toBe("Error during execution of task: RangeError: attempt 2");
  });

  it("that was finished before does nothing", async () => {
    const { run, execute, told } = deployed;
    const id = await run("failing");
    await execute(id);
    const before = await told(id);
    expect((await execute(id)).conclusion).toBe("left");
    expect(await told(id)).toMatchObject({ states: before.states });
  });

  it("tells Failed when a required parameter is missing, and throws it", async () => {
    const { run, execute, told, graph } = deployed;
    const id = await run("sums", {}, { ...(await graph("sums")), parameters: [] });
    await expect(execute(id)).rejects.toMatchObject({ code: "PARAMETER_MISSING", details: { names: ["n"] } });
    const { state, serialized_state } = await told(id);
    expect(state).toBe("Failed");
    expect(serialized_state.message).toMatch(/^Failed to load and execute flow run: .*required parameter n/);
  });

  it("tells Failed when a value is not what its schema takes, with where and why, before anything runs", async () => {
    const { run, execute, told, graph } = deployed;
    const registered = await graph("dated");
    const unchecked = [{ name: "days", required: true }];
    const id = await run("dated", { days: ["2012-01-01", 3] }, { ...registered, parameters: unchecked });
    await expect(execute(id)).rejects.toMatchObject({ code: "PARAMETER_VALUE_INVALID" });
    const { state, serialized_state, task_runs } = await told(id);
    expect(state).toBe("Failed");
    expect(serialized_state.message).toMatch(/^Failed to load and execute flow run: .*days\[1\]: type "number"/);
    expect(task_runs.flatMap(({ states }) => states.map((each) => each.state))).not.toContain("Running");
    await expect(run("dated", { days: ["today"] })).rejects.toMatchObject({ code: "PARAMETER_VALUE_INVALID" });
    expect((await execute(await run("dated", { days: ["2012-01-01"] }))).state.type).toBe("Success");
  });

  it("tells Failed when the artifact is not the one that was registered, and throws it", async () => {
    const { run, execute, told, graph } = deployed;
    const id = await run("noted", {}, { ...(await graph("failing")), name: "noted" });
    await expect(execute(id)).rejects.toMatchObject({ code: "TASKS_DIFFER", details: { missing: ["one-1"] } });
    const { state, serialized_state } = await told(id);
    expect(state).toBe("Failed");
    expect(serialized_state.message).toMatch(/^Failed to load and execute flow run: .*one-1/);
  });

  it("tells Failed when the registration was cut off between two lists of tasks", async () => {
    const { run, execute, told, graph } = deployed;
    const whole = await graph("sums");
    const id = await run("sums", { n: 3 }, { ...whole, tasks: whole.tasks.slice(0, -1), edges: [] });
    const missing = whole.tasks.slice(-1).map(({ slug }) => slug);
    await expect(execute(id)).rejects.toMatchObject({ code: "TASKS_DIFFER", details: { missing } });
    const { state, serialized_state, task_runs } = await told(id);
    expect(state).toBe("Failed");
    expect(serialized_state.message).toMatch(/the registration of flow "sums" was cut off.*Register the flow again/);
    expect(task_runs.flatMap(({ states }) => states.map((each) => each.state))).not.toContain("Running");
  });

  it("needs no edges from the API, whose registration was cut off before them: the artifact has them", async () => {
    const { run, execute, told, graph } = deployed;
    const id = await run("sums", { n: 3 }, { ...(await graph("sums")), edges: [] });
    expect((await execute(id)).state.type).toBe("Success");
    const run1 = await told(id);
    expect(run1.types("square-1")).toEqual(["Pending", "Mapped"]);
    expect(run1.types("sum-1")).toEqual(["Pending", "Running", "Success"]);
  });

  it("leaves the run to another container on SIGTERM where that is wanted, which goes on where it was", async () => {
    const { run, execute, told } = deployed;
    const id = await run("hanging");
    const stop = new AbortController();
    const { conclusion } = await execute(id, {
      signal: stop.signal,
      env: { FLOW_RUNNER__ON_STOP: "reschedule" },
      onLog: ({ message }) => {
        if (message === "hanging") stop.abort("SIGTERM");
      },
    });
    expect(conclusion).toBe("handedBack");
    const between = await told(id);
    expect(between.state).toBe("Scheduled");
    expect(between.types("hangs-1")).toEqual(["Pending", "Running", "Pending"]);
    process.env.JOBS_RELEASED = "1";
    onTestFinished(() => void delete process.env.JOBS_RELEASED);
    expect((await execute(id)).state.type).toBe("Success");
    const after = await told(id);
    expect(after.state).toBe("Success");
    expect(after.types("before-1")).toEqual(["Pending", "Running", "Success"]);
    expect(after.types("hangs-1")).toEqual(["Pending", "Running", "Pending", "Running", "Success"]);
  });

  it("ends Cancelled when the API says so, and its tasks with it", async () => {
    const { run, execute, told, cancel } = deployed;
    const id = await run("hanging");
    const { state, conclusion } = await execute(id, {
      onLog: ({ message }) => {
        if (message === "hanging") void cancel(id);
      },
    });
    expect([state.type, conclusion]).toEqual(["Cancelled", "finished"]);
    const after = await told(id);
    expect(after.states.map((each) => each.state)).toEqual(["Scheduled", "Running", "Cancelling", "Cancelled"]);
    expect(after.types("hangs-1").at(-1)).toBe("Cancelled");
  });
});

describe("a flow's environment", () => {
  const steps = async (name: string) => {
    const logs: LogRecord[] = [];
    const { run, execute, told } = deployed;
    const id = await run(name);
    const outcome = await execute(id, { onLog: (record) => logs.push(record) });
    return { outcome, told: await told(id), lines: logs.map(({ message }) => message) };
  };

  it("of the author's own runs in the host: setup, onStart, the flow, onExit", async () => {
    const { outcome, lines, told } = await steps("noted");
    expect(lines.filter((line) => line.startsWith("step: "))).toEqual([
      "step: setup",
      "step: onStart",
      "step: execute, Success",
      "step: onExit",
    ]);
    expect([outcome.state.type, told.state]).toEqual(["Success", "Success"]);
  });

  it("that calls runFlow twice runs the flow once, and hears why", async () => {
    const { outcome, lines, told } = await steps("twice");
    expect(lines).toContain("ran");
    expect(lines).toContainEqual(expect.stringMatching(/^refused: Twice has called runFlow\(\) twice/));
    expect(told.types("one-1")).toEqual(["Pending", "Running", "Success"]);
    expect(outcome.state.type).toBe("Success");
  });

  it.each([
    ["idle", "Failed to load and execute Flow's environment: Idle has ended without calling runFlow()."],
    [
      "no cluster",
      "Failed to load and execute Flow's environment: setup of the flow's NoCluster failed: Error: no cluster",
    ],
    [
      "unknown executor",
      'Failed to load and execute Flow\'s environment: The environment names the executor "prefect.engine.executors.NoSuch", which nobody knows. There are LocalExecutor and SynchronousExecutor.',
    ],
  ])("that does not run the flow (%s) is a Failed run that says so", async (name, message) => {
    const { outcome, told } = await steps(name);
    expect([outcome.conclusion, told.state, told.serialized_state.message]).toEqual(["finished", "Failed", message]);
    expect(told.types("one-1")).toEqual(["Pending"]);
  });

  it("whose onExit fails does not take the run's end away", async () => {
    const { told, lines } = await steps("exits badly");
    expect(told.state).toBe("Success");
    expect(lines).toContain("onExit of the flow's LocalEnvironment failed: Error: no mail server");
  });
});
