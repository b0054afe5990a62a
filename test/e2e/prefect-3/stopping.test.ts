import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { flowRunner, main } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { askPythonWith } from "./python.ts";
import { runsAt } from "./runs.ts";

const duties = fileURLToPath(new URL("./fixtures/duties.ts", import.meta.url));

let url: string;
let folder: string;
let env: Record<string, string>;
let runs: ReturnType<typeof runsAt>;
let deployment: string;

const notes = (id: string): string[] =>
  readFileSync(join(folder, "log"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith(id) && !line.includes("beat"))
    .map((line) => line.slice(id.length + 1));

/** Executes the run as an image does, and evicts it once a task is under way. */
async function evicted(id: string, behavior: string | null): Promise<number | null> {
  const began = notes(id).length;
  const pod = spawn(process.execPath, [main, "prefect", "flow-run", "execute"], {
    env: {
      ...{ ...env, PREFECT_API_URL: url, PREFECT__FLOW_RUN_ID: id },
      ...(behavior === null ? {} : { PREFECT_FLOW_RUN_EXECUTE_SIGTERM_BEHAVIOR: behavior }),
    },
    stdio: "ignore",
  });
  const exit = new Promise<number | null>((resolve) => pod.once("exit", resolve));
  await eventually(() => expect(notes(id).slice(began)).toContain("waits"));
  pod.kill("SIGTERM");
  return exit;
}

describeWithPrefect3("a process that executes a run of Prefect 3 and is told to stop", () => {
  beforeAll(async () => {
    url = await sharedPrefect3();
    folder = mkdtempSync(join(tmpdir(), "stopping-"));
    writeFileSync(join(folder, "log"), "");
    env = {
      ...{ PATH: process.env.PATH ?? "", HOME: folder, DUTIES_LOG: join(folder, "log") },
      ...{ DUTIES_GATE: join(folder, "gate"), DUTIES_RESULTS: join(folder, "results") },
    };
    runs = runsAt(url);
    // No worker looks at this pool. Under the name that other tests give it would be the same deployment, in their pool.
    const words = [
      "deploy",
      duties,
      "--api",
      url,
      "--work-pool",
      "stopping",
      "--create-pool",
      "process",
      "--name",
      "stopping",
    ];
    const { out } = await flowRunner([...words, "--directory", join(folder, "flows")], { env: { HOME: folder } });
    deployment = out.trim().split("\n")[1] ?? "";
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("leaves it to the next pod, gives it back to its worker, or is Crashed, as a Kubernetes worker wants it", async () => {
    const id = await runs.create(deployment);
    expect(await evicted(id, "relinquish")).toBe(143);
    // The server records task runs from their events, after it has answered: the next pod takes longer than that.
    await eventually(async () => {
      const tasks = (await runs.tasks(id)).map(({ name, state_type }) => `${name} ${state_type}`);
      expect(tasks).toContain("first-0 COMPLETED");
    });
    expect(await runs.told(id)).toMatchObject({ state_type: "RUNNING" });
    expect(await evicted(id, "reschedule")).toBe(0);
    expect(await runs.told(id)).toMatchObject({ state_name: "AwaitingRetry", run_count: 2 });
    writeFileSync(join(folder, "gate"), "");
    try {
      const ended = await flowRunner(["prefect", "flow-run", "execute"], {
        env: { ...env, PREFECT_API_URL: url, PREFECT__FLOW_RUN_ID: id },
      });
      expect(ended.exitCode).toBe(0);
    } finally {
      rmSync(join(folder, "gate"));
    }
    expect(await runs.told(id)).toMatchObject({ state_type: "COMPLETED" });
    // What was cut off runs again, what has persisted its result does not.
    expect(notes(id)).toEqual(["first", "waits", "waits", "waits", "last"]);

    for (const behavior of ["crash", null]) {
      const crashed = await runs.create(deployment);
      expect(await evicted(crashed, behavior)).toBe(143);
      expect(await runs.told(crashed)).toMatchObject({ state_type: "CRASHED" });
      await eventually(async () => {
        const tasks = (await runs.tasks(crashed)).map(({ name, state_type }) => `${name} ${state_type}`);
        expect(tasks.sort()).toEqual(["first-0 COMPLETED", "waits-0 CRASHED"]);
      });
    }
  });

  it("hears what a worker wants over its control channel, and tells it how the run has ended", async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => runs.create(deployment)));
    const [cancelled = "", relinquished = "", scheduled = "", left = ""] = ids;
    await runs.cancel(left);
    const told = await askPythonWith<object[]>(
      env,
      "control.py",
      url,
      folder,
      join(folder, "log"),
      ...[cancelled, "cancel", relinquished, "relinquish", scheduled, "reschedule", left, "none"],
      ...["--", process.execPath, main, "execute"],
    );
    const acknowledged = (intent: string, exitCode: number) => ({ status: "acknowledged", exitCode, end: [intent] });
    expect(told).toEqual([
      acknowledged("cancel", 0),
      acknowledged("relinquish", 143),
      acknowledged("reschedule", 143),
      { status: null, exitCode: 0, end: ["ORCHESTRATION_ABORTED", null] },
    ]);
    expect(await runs.told(cancelled)).toMatchObject({ state_type: "CANCELLED" });
    // Who has sent the intent says what becomes of these.
    for (const id of [relinquished, scheduled]) expect(await runs.told(id)).toMatchObject({ state_type: "RUNNING" });
  });
});
