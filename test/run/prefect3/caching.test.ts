import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askPython } from "../../e2e/prefect-3/python.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { type Deployed3, type HeldTaskRun, saved } from "./deployed.ts";

let url: string;
let deployed: Deployed3;

/** Runs a flow once, and gives what its tasks have logged and its task runs. */
async function ran(flow: string, parameters: object, count: number) {
  const id = await deployed.run(flow, parameters);
  const lines: string[] = [];
  const { state } = await deployed.execute(id, { onLog: ({ message }) => lines.push(message) });
  expect(state.type).toBe("Success");
  const isOver = (runs: readonly HeldTaskRun[]) =>
    runs.length === count && runs.every((run) => run.state?.type === "COMPLETED");
  const runs = await deployed.recorded(id, isOver);
  return {
    lines: lines.filter((line) => /^(square|seven)/.test(line)).toSorted(),
    runs: new Map(runs.map((run) => [run.name, run])),
  };
}

describeWithPrefect3("cached results of a Prefect 3 server", () => {
  const salt = crypto.randomUUID();

  beforeAll(async () => {
    url = await sharedPrefect3();
    deployed = await saved(url, fileURLToPath(new URL("./fixtures/cached.ts", import.meta.url)));
  });
  afterAll(() => deployed.close());

  test("are used by later runs of the flow for the same inputs, and only for these", async () => {
    const first = await ran("squares", { numbers: [1, 2], salt }, 3);
    expect(first.lines).toEqual([`square 1 with ${salt}`, `square 2 with ${salt}`]);
    const made = first.runs.get("square-0")?.state;
    expect(made).toMatchObject({
      name: "Completed",
      state_details: { cache_key: expect.stringContaining("square"), cache_expiration: expect.any(String) },
    });

    const second = await ran("squares", { numbers: [2, 3], salt }, 3);
    expect(second.lines).toEqual([`square 3 with ${salt}`]);
    expect(second.runs.get("square-0")?.state.name).toBe("Cached");
    expect(second.runs.get("square-1")?.state.name).toBe("Completed");
    const stored = (run: HeldTaskRun | undefined) =>
      (run?.state.data as { storage_key?: string } | undefined)?.storage_key;
    expect(stored(second.runs.get("square-0"))).toBe(stored(first.runs.get("square-1")));
  });

  test("under a key are used by tasks of other flows", async () => {
    expect((await ran("sevens", { salt }, 1)).lines).toEqual([`seven with ${salt}`]);
    const other = await ran("sevens too", { salt }, 1);
    expect(other.lines).toEqual([]);
    expect(other.runs.get("seven too-0")?.state.name).toBe("Cached");
    expect(other.runs.get("seven too-0")?.state).toMatchObject({ state_details: { cache_key: "seven" } });
  });

  test("are results to Python's client too, where they are JSON, and nothing else where they are not", async () => {
    const mine = `${salt} python`;
    const { runs } = await ran("sevens", { salt: mine }, 1);
    const { runs: others } = await ran("squares", { numbers: [1], salt: mine }, 2);
    const ids = [runs.get("seven-0"), others.get("square-0")].map((run) => run?.id ?? "");
    const failed = await deployed.run("ends badly");
    await deployed.execute(failed);
    const ends = await deployed.recorded(failed, (all) => all.length === 2 && all.every(({ end_time }) => end_time));
    ids.push(...ends.toSorted((a, b) => a.name.localeCompare(b.name)).map(({ id }) => id));
    const read = await askPython<object[]>("read_results.py", url, deployed.folder, ...ids);
    expect(read).toEqual([
      { value: 7 },
      { error: "RuntimeError", says: expect.stringContaining("'flow-runner' is not available") },
      { error: "FailedRun", says: expect.stringContaining("Error: no more") },
      { error: "MissingResult", says: expect.stringContaining("result persistence is disabled") },
    ]);
  });
});
