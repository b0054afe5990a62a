import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Deployed, deploy } from "../run/deployed.ts";
import { executing } from "./executing.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy(fileURLToPath(new URL("./fixtures/stopping.ts", import.meta.url)));
});
afterAll(() => deployed.close());

const message = "the container was told to stop (SIGTERM)";

/** Starts a run, sends the signals once its task is under way, and waits for its end. */
async function stopped(flow: string, env: NodeJS.ProcessEnv = {}, signal: NodeJS.Signals = "SIGTERM") {
  const id = await deployed.run(flow);
  const { child, ended, err, lines } = await executing({ ...deployed.agentEnv(id), ...env });
  child.kill(signal);
  const exitCode = await ended;
  return { id, exitCode, err: await err, lines, told: await deployed.told(id) };
}

describe("a run that is told to stop", () => {
  test("is Failed with the reason, its tasks and the last lines of its log too", async () => {
    const { exitCode, told, lines } = await stopped("patient");
    expect([told.state, told.serialized_state.message, exitCode]).toEqual([
      "Failed",
      `Flow run stopped: ${message}.`,
      0,
    ]);
    expect(told.types("waits-1")).toEqual(["Pending", "Running", "Failed"]);
    expect(told.types("below-1")).toEqual(["Pending", "Failed"]);
    expect(told.task_runs.map(({ serialized_state }) => serialized_state.message).sort()).toEqual([
      `Cut off while it ran: ${message}.`,
      `Not run: ${message}.`,
    ]);
    expect(told.logs.map((line) => line.message)).toContain(`T${message.slice(1)}. Tasks that run are ended.`);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ state: "Failed" });
  });

  test("is Scheduled for another container, where that is wanted, and its task runs again", async () => {
    const { id, exitCode, told, err } = await stopped("patient", { FLOW_RUNNER__ON_STOP: "reschedule" }, "SIGINT");
    expect([told.state, exitCode]).toEqual(["Scheduled", 0]);
    expect(told.types("waits-1")).toEqual(["Pending", "Running", "Pending"]);
    expect(err).toMatch(/was handed back to the API: .*told to stop \(SIGINT\)/);
    const { child, ended } = await executing(deployed.agentEnv(id));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect((await deployed.told(id)).types("waits-1")).toEqual(["Pending", "Running", "Pending", "Running", "Failed"]);
  });

  test("leaves within its grace also when a task holds its host's thread", async () => {
    const { exitCode, told } = await stopped("deaf");
    // After the grace it would be 143.
    expect([told.state, told.types("spins-1").at(-1), exitCode]).toEqual(["Failed", "Failed", 0]);
  });

  test("does not wait for a state handler that never answers", async () => {
    const { exitCode, told } = await stopped("silent", { FLOW_RUNNER__STOP_GRACE: "12s" });
    expect([told.state, told.types("handled-1").at(-1), exitCode]).toEqual(["Failed", "Failed", 0]);
  });

  test("before its environment has let it begin tells so, too", async () => {
    const { exitCode, told } = await stopped("starting");
    expect([told.state, told.types("below-1"), exitCode]).toEqual(["Failed", ["Pending", "Failed"], 0]);
  });

  test("while the API does not answer keeps its end on disk, and leaves in time", async () => {
    const id = await deployed.run("patient");
    const { child, ended, err } = await executing({ ...deployed.agentEnv(id), FLOW_RUNNER__STOP_GRACE: "12s" });
    onTestFinished(() => deployed.setFaults(null));
    deployed.setFaults({ rules: [{ fault: { kind: "hang" } }] });
    child.kill("SIGTERM");
    // After the grace it would be 143.
    expect(await ended).toBe(5);
    expect(await err).toMatch(/3 states could not be delivered.*flow-runner deliver .*RUN_UNDELIVERED/);
  });

  test("twice ends at once", async () => {
    const id = await deployed.run("silent");
    const { child, ended, lines } = await executing({ ...deployed.agentEnv(id), FLOW_RUNNER__STOP_GRACE: "1h" });
    child.kill("SIGTERM");
    await expect.poll(() => lines.some((line) => line.includes(message.slice(1))), { timeout: 60_000 }).toBe(true);
    child.kill("SIGINT");
    expect([await ended, (await deployed.told(id)).state]).toEqual([130, "Running"]);
  });
});
