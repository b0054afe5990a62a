import { describe, expect, it } from "vitest";
import type { StartableRun } from "../../../../src/cloud/index.ts";
import { localProcesses } from "../../../../src/run/agent/local/local-processes.ts";
import { scheduledAt, startable } from "../startable.ts";

const shown: string[] = [];

/** A launcher whose processes run this program of Node's. */
function launcherOf(script: string, program = process.execPath) {
  return localProcesses({
    command: [program, "-e", script],
    environment: { PATH: process.env.PATH },
    show: (line) => shown.push(line),
    access: { apiUrl: "http://api:4200", apiKey: null, tenantId: null, dialect: "1.x" },
    labels: [],
    env: {},
    sendLogs: true,
  });
}

const run = startable(scheduledAt(0), { id: "run-7" });

describe("a flow run as a process", () => {
  it("is told which run it is, and how it ended is told with its last lines", async () => {
    const { description, ended } = await launcherOf(
      "for (let i = 0; i < 100; i++) console.log(i); console.error(process.env.PREFECT__CONTEXT__FLOW_RUN_ID); process.exitCode = 3",
    ).launch(run);
    expect(description).toMatch(/^PID \d+$/);
    const { exitCode, signal, output } = await ended;
    expect({ exitCode, signal }).toEqual({ exitCode: 3, signal: null });
    expect(output).toHaveLength(20);
    expect(output).toContain("run-7");
    expect(output).toContain("99");
    expect(shown.filter((line) => /^\d+$/.test(line))).toHaveLength(100);
  });

  it("that is killed is told with the signal", async () => {
    const { ended } = await launcherOf("process.kill(process.pid, 'SIGKILL')").launch(run);
    expect(await ended).toMatchObject({ exitCode: null, signal: "SIGKILL" });
  });

  it("is not in the agent's process group, so that a Ctrl-C there is not its own", async () => {
    const { description, ended } = await launcherOf("setInterval(() => {}, 1000)").launch(run);
    const pid = Number(description.replace("PID ", ""));
    process.kill(-pid, "SIGTERM");
    expect(await ended).toMatchObject({ signal: "SIGTERM" });
  });

  it("has ended when it has, though something that it left behind holds its output", async () => {
    const child =
      "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit' })";
    const { description, ended } = await launcherOf(`${child}.unref(); console.log("bye"); process.exit(0)`).launch(
      run,
    );
    expect(await ended).toMatchObject({ exitCode: 0, output: ["bye"] });
    process.kill(-Number(description.replace("PID ", "")), "SIGKILL");
  });

  it("that cannot be started is said", async () => {
    await expect(launcherOf("", "/no/such/program").launch(run)).rejects.toMatchObject({
      code: "PROCESS_NOT_STARTED",
      message: expect.stringContaining("ENOENT"),
    });
  });
});

describe("a flow run that is no artifact on this machine", () => {
  const stored = (storage: unknown): StartableRun => ({ ...run, flow: { ...run.flow, storage } });

  it.each([
    [{ type: "Docker", flows: {} }, "stored as Docker"],
    [{ type: "S3", flows: {} }, "stored as S3"],
    [null, "stored as nothing"],
  ])("is refused in a sentence: %o", async (storage, sentence) => {
    await expect(launcherOf("").launch(stored(storage))).rejects.toMatchObject({
      code: "STORAGE_NOT_LOCAL",
      message: expect.stringContaining(sentence),
    });
  });
});
