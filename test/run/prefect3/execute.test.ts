import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogRecord } from "../../../src/engine/index.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { type Deployed3, type HeldTaskRun, saved } from "./deployed.ts";

let deployed: Deployed3;

const byName = (runs: readonly HeldTaskRun[], name: string): HeldTaskRun => {
  const found = runs.find((run) => run.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${runs.map((run) => run.name).join(", ")}`);
  return found;
};
const ended = (count: number) => (runs: readonly HeldTaskRun[]) =>
  runs.filter(({ end_time }) => end_time !== null).length === count;
/** Of the flow "mended": what it tells last is recorded, and all that comes before. */
const isThirdNotReady = (runs: readonly HeldTaskRun[]) =>
  ["first-0 Completed", "second-0 Failed", "third-0 NotReady"].every((each) =>
    runs.some(({ name, state }) => `${name} ${state.name}` === each),
  );

describeWithPrefect3("a flow run of a Prefect 3 server", () => {
  beforeAll(async () => {
    deployed = await saved(await sharedPrefect3(), fileURLToPath(new URL("./fixtures/climate.ts", import.meta.url)));
  });
  afterAll(() => deployed.close());

  describe("that goes well", () => {
    let runs: readonly HeldTaskRun[];
    let id: string;
    beforeAll(async () => {
      id = await deployed.run("climate", { count: 4 });
      const { conclusion } = await deployed.execute(id);
      expect(conclusion).toBe("finished");
      runs = await deployed.recorded(id, ended(8));
    });

    test("is Completed, and was begun once", async () => {
      expect(await deployed.flowRun(id)).toMatchObject({ state: { type: "COMPLETED" }, run_count: 1 });
    });

    test("has a task run for each task and each mapped child, and none for parameters", () => {
      expect(runs.map(({ name, state }) => [name, state.name]).toSorted()).toEqual([
        ["after-0", "Completed"],
        ["nothing-0", "Skipped"],
        ["reading-0", "Completed"],
        ["reading-1", "Completed"],
        ["reading-2", "Completed"],
        ["reading-3", "Completed"],
        ["stations-0", "Completed"],
        ["total-0", "Completed"],
      ]);
      expect(byName(runs, "reading-1")).toMatchObject({ run_count: 2, tags: ["io"] });
      for (const { start_time: start, end_time: end } of runs)
        expect(Date.parse(end ?? "")).toBeGreaterThanOrEqual(Date.parse(start ?? ""));
    });

    test("has the edges of its graph: what each input came from, and what only comes before", () => {
      const idOf = (name: string) => byName(runs, name).id;
      const inputs = (name: string) => byName(runs, name).task_inputs;
      expect(inputs("stations-0")).toEqual({ count: [{ input_type: "parameter", name: "count" }] });
      expect(inputs("reading-3")).toEqual({ station: [{ input_type: "task_run", id: idOf("stations-0") }] });
      expect(inputs("total-0").readings?.map((input) => input.id)).toEqual(
        [0, 1, 2, 3].map((at) => idOf(`reading-${at}`)),
      );
      expect(inputs("after-0")).toEqual({ wait_for: [{ input_type: "task_run", id: idOf("total-0") }] });
    });

    test("has its log, with levels, and lines of task runs at theirs", async () => {
      const logs = await deployed.logs(id);
      const line = logs.find(({ message }) => message === "station 3");
      expect(line).toMatchObject({ level: 20, name: "prefect.reading[2]", task_run_id: byName(runs, "reading-2").id });
      const known = new Set(runs.map((run) => run.id));
      expect(logs.flatMap((log) => log.task_run_id ?? []).filter((of) => !known.has(of))).toEqual([]);
      expect(logs.some(({ level, message }) => level === 40 && message.includes("the connection was reset"))).toBe(
        true,
      );
    });
  });

  test("is Failed with the reason, and what needed the failed task is NotReady", async () => {
    const id = await deployed.run("mended", { file: join(deployed.folder, "never") });
    await deployed.execute(id);
    expect(await deployed.flowRun(id)).toMatchObject({ state: { type: "FAILED" } });
    const runs = await deployed.recorded(id, isThirdNotReady);
    expect(runs.map(({ name, state }) => [name, state.type, state.name]).toSorted()).toEqual([
      ["first-0", "COMPLETED", "Completed"],
      ["second-0", "FAILED", "Failed"],
      ["third-0", "PENDING", "NotReady"],
    ]);
    expect(byName(runs, "second-0").state.message).toMatch(/never is not there/);
  });

  test("that is run again from the page goes on from the results that were persisted, in the same task runs", async () => {
    const file = join(deployed.folder, "later");
    const id = await deployed.run("mended", { file });
    await deployed.execute(id);
    const before = await deployed.recorded(id, isThirdNotReady);
    writeFileSync(file, "");
    // What a worker does with a run that was set to be run again.
    await deployed.setState(id, { type: "PENDING" });
    const lines: LogRecord[] = [];
    await deployed.execute(id, { onLog: (record) => lines.push(record) });
    expect(await deployed.flowRun(id)).toMatchObject({ state: { type: "COMPLETED" }, run_count: 2 });
    expect(lines.some(({ message }) => message === "first ran")).toBe(false);
    const after = await deployed.recorded(id, (all) => all.every(({ state }) => state.type === "COMPLETED"));
    expect(after.map((run) => run.id).toSorted()).toEqual(before.map((run) => run.id).toSorted());
  });

  test("that is paused by a task is Failed, since nobody would go on with it", async () => {
    const id = await deployed.run("paused");
    await deployed.execute(id);
    const { state } = await deployed.flowRun(id);
    expect(state).toMatchObject({ type: "FAILED", message: expect.stringMatching(/Nobody would go on with it/) });
  });

  test("with parameters that the flow does not have is Failed, and says which", async () => {
    const id = await deployed.run("climate", { conut: 3 });
    await expect(deployed.execute(id)).rejects.toMatchObject({ code: "PARAMETER_UNKNOWN" });
    const { state } = await deployed.flowRun(id);
    expect(state).toMatchObject({ type: "FAILED", message: expect.stringContaining("conut") });
  });

  test("that is not there is no run of anybody's", async () => {
    const id = crypto.randomUUID();
    await expect(deployed.execute(id)).rejects.toMatchObject({ code: "FLOW_RUN_NOT_FOUND" });
  });

  test("that is cancelled stops within two seconds, and is Cancelled with its task runs", async () => {
    const id = await deployed.run("endless");
    let [asked, stopped] = [Promise.resolve(0), Number.NaN];
    const { state } = await deployed.execute(id, {
      onLog: ({ message }) => {
        if (message === "waiting") asked = deployed.setState(id, { type: "CANCELLING" }).then(() => Date.now());
        if (message === "told to stop") stopped = Date.now();
      },
    });
    expect(state.type).toBe("Cancelled");
    // From the server's answer on: while others write it may take its time over that.
    expect(stopped - (await asked)).toBeLessThan(2_000);
    expect(await deployed.flowRun(id)).toMatchObject({
      state: { type: "CANCELLED", message: "Flow run was cancelled successfully." },
    });
    const runs = await deployed.recorded(id, ([run]) => run?.state.type === "CANCELLED");
    expect(runs.map(({ name }) => name)).toEqual(["waiting-0"]);
  });
});
