import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startApi } from "../../../src/api/index.ts";
import { createRun } from "../../../src/run/register/create-run.ts";
import { type ApiClient, clientOf } from "../../api/api-client.ts";
import { launched, newFolder, realPrefect, toldBy } from "./real-prefect.ts";

const prefect = realPrefect("1.4.1");
const script = join(import.meta.dirname, "python/schedules_1_4_1.py");

/** The clocks of New York go back two days later. */
const start = Date.parse("2026-10-30T05:10:00Z");
const day = 24 * 3_600_000;

type Run = readonly [time: string, parameters: Record<string, unknown>, labels: readonly string[]];

describe.skipIf(prefect.skipped)("flows that the real Prefect 1.4.1 registers", () => {
  let now = start;
  let client: ApiClient;
  let told: Readonly<Record<string, readonly Run[]>>;

  beforeAll(async () => {
    const { folder, remove } = newFolder();
    client = clientOf(await startApi({ now: () => now }));
    const env = { ...launched, PREFECT__BACKEND: "server", PREFECT__CLOUD__API: client.api.url };
    told = toldBy(await prefect.run("python", [script, folder, new Date(start).toISOString()], env)) as typeof told;
    return async () => {
      await client.api.close();
      remove();
    };
  });

  const runsOf = async (name: string): Promise<Run[]> => {
    const query = `query($name: String!) {
      flow_run(where: { flow: { name: { _eq: $name } } }, order_by: { scheduled_start_time: asc }) {
        scheduled_start_time parameters labels
      }
    }`;
    interface Row {
      readonly scheduled_start_time: string;
      readonly parameters: Record<string, unknown>;
      readonly labels: readonly string[];
    }
    const { flow_run } = await client.send<{ flow_run: Row[] }>(query, { name });
    return flow_run.map((row) => [row.scheduled_start_time.slice(0, 19), row.parameters, row.labels]);
  };

  const names = [
    "every day in its zone",
    "every 45 minutes",
    "by cron in its zone",
    "until its end",
    "of several clocks",
  ];

  test("have their next runs at the times that Prefect itself gives, with the parameters and labels of each", async () => {
    expect(Object.keys(told)).toEqual(names);
    for (const name of names) {
      expect([name, await runsOf(name)]).toEqual([name, told[name]?.slice(0, 10)]);
    }
  });

  test("go on as time does, also over the change of the clocks", async () => {
    for (let days = 1; days <= 12; days++) {
      now = start + days * day;
      await client.mutate("get_runs_in_queue", { tenant_id: client.api.tenantId, labels: [] }, "{ flow_run_ids }");
    }
    for (const name of names.filter((each) => each !== "every 45 minutes")) {
      const runs = await runsOf(name);
      const theirs = told[name] ?? [];
      expect(runs.length).toBeGreaterThan(name === "until its end" ? 4 : 15);
      expect([name, runs.slice(0, 30)]).toEqual([name, theirs.slice(0, runs.length)]);
    }
  });

  test("are not given parameters that they do not have, nor run without those they need", async () => {
    const access = { apiUrl: client.api.url, apiKey: null, tenantId: null, dialect: "1.x" } as const;
    const create = (parameters: object) =>
      createRun("by hand", access, { project: "clocks", parameters: { ...parameters } });
    await expect(create({ day: 1 })).rejects.toMatchObject({ code: "PARAMETER_MISSING", details: { names: ["city"] } });
    await expect(create({ city: "Bern", dya: 1 })).rejects.toThrow("it has city, day. Did you mean day?");
    expect(await runsOf("by hand")).toEqual([]);
    await create({ city: "Bern" });
    expect(await runsOf("by hand")).toHaveLength(1);
  });
});
