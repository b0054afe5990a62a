import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithPrefect3, prefect3Python } from "../../prefect-3/installed.ts";
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

  test("are metadata of a result to Python's client", async () => {
    const { runs } = await ran("sevens", { salt: `${salt} python` }, 1);
    const script = `
import asyncio, json, sys
from prefect.client.orchestration import get_client
from prefect._internal.result_records import ResultRecordMetadata
async def main():
    async with get_client() as client:
        run = await client.read_task_run(sys.argv[1])
        assert isinstance(run.state.data, ResultRecordMetadata), repr(run.state.data)
        print(json.dumps([run.state.data.storage_key, str(run.state.data.expiration is not None), run.state.is_completed()]))
asyncio.run(main())`;
    const id = runs.get("seven-0")?.id ?? "";
    const env = { ...process.env, PREFECT_API_URL: url, PREFECT_HOME: deployed.folder };
    const [key, expires, isCompleted] = JSON.parse(
      execFileSync(prefect3Python, ["-c", script, id], { env }).toString(),
    );
    expect([key, expires, isCompleted]).toEqual([expect.stringContaining("prefect-result"), "True", true]);
  });
});
