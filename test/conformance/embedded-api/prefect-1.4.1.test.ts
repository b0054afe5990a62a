import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startApi } from "../../../src/api/index.ts";
import { type ApiClient, historyOf, post } from "../../api/api-client.ts";
import { launched, newFolder, realPrefect, toldBy } from "./real-prefect.ts";

const prefect = realPrefect("1.4.1");
const script = (name: string): string => join(import.meta.dirname, "python", `${name}_1_4_1.py`);

const key = "the-key";

type Told = Readonly<Record<string, unknown>>;

describe.skipIf(prefect.skipped)("the real Prefect 1.4.1 with a key, as with Cloud", () => {
  let env: Record<string, string>;
  let ask: ApiClient["ask"];
  let flowRunId: string;
  let folder: string;

  beforeAll(async () => {
    const api = await startApi({ key });
    const { folder: made, remove } = newFolder();
    folder = made;
    ask = (query, variables) => post(api.url, query, variables ?? null, { authorization: `Bearer ${key}` });
    env = {
      ...launched,
      ...{ PREFECT__BACKEND: "cloud", PREFECT__CLOUD__API: api.url },
      ...{ PREFECT__CLOUD__API_KEY: key, PREFECT__CLOUD__TENANT_ID: api.tenantId },
    };
    const told = toldBy(await prefect.run("python", [script("weather"), folder], env));
    expect(told).toMatchObject({ flow_run_id: expect.any(String) });
    ({ flow_run_id: flowRunId } = told as { flow_run_id: string });
    return async () => {
      await api.close();
      remove();
    };
  });

  test("registers a flow, and its runner executes a run of it: every state is there, in order", async () => {
    const { code, output } = await prefect.run("prefect", ["execute", "flow-run"], {
      ...env,
      PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId,
    });
    expect([code, output]).toEqual([0, expect.stringContaining("Flow run SUCCESS: all reference tasks succeeded")]);

    const send: ApiClient["send"] = async <Data>(query: string, variables?: Record<string, unknown>) =>
      (await ask(query, variables)).data as Data;
    const states = await historyOf({ send } as ApiClient, "flow_run", flowRunId);
    expect(states.map(({ version, state, message }) => [version, state, message])).toEqual([
      [1, "Scheduled", "Flow run scheduled."],
      [2, "Running", "Running flow."],
      [3, "Success", "All reference tasks succeeded."],
    ]);

    interface TaskRun {
      map_index: number;
      task: { slug: string };
      states: { state: string }[];
      serialized_state: { _result?: { location: string } };
    }
    const { task_run: rows } = await send<{ task_run: TaskRun[] }>(
      "query($id: uuid!) { task_run(where: { flow_run_id: { _eq: $id } }) { map_index serialized_state states { state } task { slug } } }",
      { id: flowRunId },
    );
    const story = Object.fromEntries(
      rows.map((row) => [`${row.task.slug}[${row.map_index}]`, row.states.map(({ state }) => state).join(" ")]),
    );
    const plain = "Pending Running Success";
    // The kinds of sequence in Prefect's own trace of a run with a mapping and a retry.
    expect(story).toEqual({
      ...{ "count[-1]": plain, "days-1[-1]": plain, "TOKEN-1[-1]": plain, "signed-1[-1]": plain },
      ...{ "warmer-1[-1]": "Pending Mapped" },
      ...Object.fromEntries([0, 1, 2, 3].map((index) => [`warmer-1[${index}]`, plain])),
      "flaky_sum-flaky-1[-1]": "Pending Running Failed Retrying Running Success",
    });
    const signed = rows.find(({ task }) => task.slug === "signed-1");
    expect(signed?.serialized_state._result?.location).toBe('"10:9"');
    const secret = rows.find(({ task }) => task.slug === "TOKEN-1");
    expect(JSON.stringify(secret?.serialized_state)).not.toContain("hush");
  });

  test("its log arrives, in order, with the task runs it belongs to", async () => {
    const { data } = await ask(
      `query($id: uuid!) { log(where: { flow_run_id: { _eq: $id } }, order_by: { timestamp: asc }) {
        level name message task_run { task { slug } }
      } }`,
      { id: flowRunId },
    );
    const logs = data?.log as { level: string; message: string; task_run: { task: { slug: string } } | null }[];
    expect(logs[0]).toEqual({
      ...{
        level: "INFO",
        name: "prefect.CloudFlowRunner",
        message: "Beginning Flow run for 'weather'",
        task_run: null,
      },
    });
    const failure = logs.find(({ level }) => level === "ERROR");
    expect(failure?.message).toContain("ValueError: first");
    expect(failure?.task_run?.task.slug).toBe("flaky_sum-flaky-1");
  });

  test("its commands, client methods and views tell what is there", async () => {
    const told = toldBy(await prefect.run("python", [script("commands"), folder, flowRunId], env)) as Told;
    expect(told).toMatchObject({
      ...{ "create project side -d other": "side created\n", "delete project side": "side deleted\n" },
      "create project side --skip-if-exists": "side already exists\n",
      "get projects": expect.stringMatching(/^demo +1 .*\nside +0 .*other$/m),
      "get projects --name side": expect.not.stringContaining("side"),
      "get flows": expect.stringMatching(/^weather +1 .* demo$/m),
      "get flows --name weather --project demo --all-versions": expect.stringMatching(/^weather +1 /m),
      "get flow-runs --flow weather --started": expect.stringMatching(/^by-hand +weather +Success /m),
      "get tasks --flow-name weather": expect.stringMatching(/^flaky_sum +weather +1 /m),
      "get logs --name by-hand": expect.stringMatching(
        /INFO +Beginning Flow run for 'weather'[\s\S]*ValueError: first/,
      ),
      "describe flows -n weather": expect.stringContaining('"slug": "count"'),
      "describe tasks -n weather": expect.stringContaining('"retry_delay": "00:00:01"'),
      "describe flow-runs -n by-hand": expect.stringContaining('"message": "All reference tasks succeeded."'),
      "auth list-tenants": expect.stringMatching(/^default +default .* \*$/m),
      "auth list-keys": expect.stringContaining("This API has one key"),
    });
    expect(told.client).toEqual({
      flow_run: ["Success", "by-hand", "demo", { count: 4 }, 6],
      ...{ child: ["Success", 2, "3"], states: ["Success", "Success"], renamed: [true, true] },
    });
    expect(told.views).toEqual({
      run: ["renamed", "All reference tasks succeeded.", "weather", true],
      ...{ mapped: [1, 2, 3, 4], third: ["third", 2], flow: ["weather", "demo", "UniversalRun", "Local"] },
      tasks: ["TOKEN-1", "count", "days-1", "flaky_sum-flaky-1", "signed-1", "warmer-1"],
    });
    expect(told.key_values).toEqual([["rows"], { of: [1, 2] }, true, []]);
    expect(told.artifacts).toEqual([{ kind: "markdown", data: { markdown: "# two" } }]);
    expect(told.tag_limit).toEqual([2, null]);
    // Registered twice with one idempotency key, its tasks and edges in three batches each.
    const counts = {
      tasks_aggregate: { aggregate: { count: 1201 } },
      edges_aggregate: { aggregate: { count: 1200 } },
    };
    expect(told.large).toEqual([true, { version: 1, ...counts }, 1201]);
    expect(told.no_project).toContain("Project nowhere not found");
    expect(told.no_tenant).toContain("This API has one tenant");
  });

  test("its agent takes a run from the queue; version lock, limits and cancellation are as it expects", async () => {
    expect(toldBy(await prefect.run("python", [script("follow_runs")], env))).toEqual({
      ...{ flow: ["weather", "demo"], exit_codes: [0], agent_run: ["Scheduled", "Submitted", "Running", "Success"] },
      ...{ result: "6:9", task_runs: 9, version_lock: "mismatch", over_limit: "Queued" },
      ...{ cancel: "Cancelling", cancelled: ["Cancelled"] },
    });
  });

  test("is told that its key is wrong", async () => {
    const { code, output } = await prefect.run("prefect", ["execute", "flow-run"], {
      ...env,
      PREFECT__CLOUD__API_KEY: "another",
      PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId,
    });
    expect([code, output]).toEqual([1, expect.stringContaining("401 Client Error: Unauthorized")]);
  });
});
