import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { flowRunner } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { runsAt } from "./runs.ts";
import { startWorker, type Worker } from "./worker.ts";

const duties = fileURLToPath(new URL("./fixtures/duties.ts", import.meta.url));
const pool = "process-worker-test";

let folder: string;
let runs: ReturnType<typeof runsAt>;
let worker: Worker;
let deployed: { failing: string; waiting: string };

const notes = (id: string): string[] => {
  const log = join(folder, "log");
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  return lines.filter((line) => line.startsWith(id)).map((line) => line.slice(id.length + 1));
};
const begun = (id: string) => eventually(() => expect(notes(id)).toContain("waits"));
const lastBeat = (id: string) =>
  Number(
    notes(id)
      .findLast((line) => line.startsWith("beat"))
      ?.split(" ")[2],
  );
const ended = (id: string, type: string) =>
  eventually(async () => expect(await runs.told(id)).toMatchObject({ state_type: type }));
const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);

describeWithPrefect3("a process worker of Prefect 3", () => {
  beforeAll(async () => {
    const url = await sharedPrefect3();
    folder = mkdtempSync(join(tmpdir(), "process-worker-"));
    runs = runsAt(url);
    const env = {
      DUTIES_LOG: join(folder, "log"),
      DUTIES_GATE: join(folder, "gate"),
      DUTIES_RESULTS: join(folder, "results"),
    };
    // Other tests deploy these flows on the same server: under the same name it would be the same deployment.
    const words = ["deploy", duties, "--api", url, "--work-pool", pool, "--create-pool", "process", "--name", pool];
    const { out, err, exitCode } = await flowRunner([...words, "--directory", join(folder, "flows")], {
      env: { HOME: folder, ...env },
    });
    expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
    const [failing = "", waiting = ""] = out.trim().split("\n");
    deployed = { failing, waiting };
    worker = startWorker({ url, pool, type: "process", folder, env: { ...env, PREFECT_LOGGING_LEVEL: "DEBUG" } });
  });
  afterEach(({ task }) => {
    if (task.result?.state === "fail") console.error(worker.said());
  });
  afterAll(async () => {
    writeFileSync(join(folder, "gate"), "");
    await worker.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  });

  it("has a run cancelled in the pages within seconds, its tasks too, and before it starts at once", async () => {
    const id = await runs.create(deployed.waiting);
    await begun(id);
    await runs.cancel(id);
    // From the server's answer on: while others write it may take its time over that.
    const at = Date.now();
    await ended(id, "CANCELLED");
    expect(lastBeat(id) - at).toBeLessThan(5_000);
    // It was in its control session that the worker said so, or heard of the end.
    await eventually(() => {
      const workerLog = readFileSync(join(folder, "process-worker.log"), "utf8");
      expect(workerLog).toMatch(/Attempt control session recorded (acknowledged cancel intent|engine outcome receipt)/);
    });
    expect(notes(id)).not.toContain("last");
    await eventually(async () => {
      const states = (await runs.tasks(id)).map(({ name, state_type }) => [name.replace(/-\w+$/, ""), state_type]);
      expect(Object.fromEntries(states)).toMatchObject({ first: "COMPLETED", waits: "CANCELLED" });
    });
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const scheduled = await runs.create(deployed.waiting, {
      state: { type: "SCHEDULED", state_details: { scheduled_time: future } },
    });
    await runs.cancel(scheduled);
    expect((await runs.told(scheduled)).state_type).toBe("CANCELLED");
  });

  it("finds a run crashed whose process is killed, as one in Python", async () => {
    const id = await runs.create(deployed.waiting);
    await begun(id);
    const pid = Number(
      notes(id)
        .findLast((line) => line.startsWith("beat"))
        ?.split(" ")[1],
    );
    process.kill(pid, "SIGKILL");
    await ended(id, "CRASHED");
    expect((await runs.told(id)).state.message).toContain("status code: -9");
    await eventually(() => expect(alive(pid)).toBe(false));
  });

  it("starts a failed run again when the pages say so, which goes on from what it had", async () => {
    const id = await runs.create(deployed.failing);
    await ended(id, "FAILED");
    expect(notes(id)).toEqual(["first", "needs"]);
    // The server records task runs from their events, after it has answered: a person takes longer than that.
    await eventually(async () => {
      const tasks = (await runs.tasks(id)).map(({ name, state_type }) => `${name} ${state_type}`);
      expect(tasks).toEqual(expect.arrayContaining(["first-0 COMPLETED", "needs-0 FAILED"]));
    });
    writeFileSync(join(folder, "gate"), "");
    try {
      await runs.retry(id);
      await ended(id, "COMPLETED");
    } finally {
      rmSync(join(folder, "gate"));
    }
    expect(notes(id)).toEqual(["first", "needs", "needs", "last"]);
    expect((await runs.told(id)).run_count).toBe(2);
    await eventually(async () => {
      const tasks = await runs.tasks(id);
      expect(tasks.map(({ state_type }) => state_type)).toEqual(["COMPLETED", "COMPLETED", "COMPLETED"]);
    });
    await runs.cancel(id);
    expect((await runs.told(id)).state_type).toBe("COMPLETED");
  });

  it("leaves a run alone that it is killed over: the run ends as it would have", async () => {
    const id = await runs.create(deployed.waiting);
    await begun(id);
    process.kill(worker.pid, "SIGKILL");
    writeFileSync(join(folder, "gate"), "");
    await ended(id, "COMPLETED");
    expect(notes(id).at(-1)).toBe("last");
  });
});
