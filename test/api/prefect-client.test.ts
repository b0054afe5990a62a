import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startApi } from "../../src/api/index.ts";
import { type ApiClient, historyOf, post } from "./api-client.ts";

/** The judge: the real Prefect 1.4.1, with its own client, runner and agent. `scripts/ci-setup` makes the venv. */
const venv = join(import.meta.dirname, "../../.cache/prefect-1.4.1");
const missing = !existsSync(join(venv, "bin/prefect"));
const skipped = missing && process.env.CI !== "true";
if (skipped) console.warn(`Prefect 1.4.1 is not asked: there is no ${venv}; scripts/ci-setup makes it.`);

const key = "the-key";

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(venv, "bin", command), args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

const jsonAfter = (mark: string, output: string): unknown =>
  JSON.parse(
    output
      .split("\n")
      .findLast((line) => line.startsWith(mark))
      ?.slice(mark.length) ?? "null",
  );

describe.skipIf(skipped)("the real Prefect 1.4.1", () => {
  let env: Record<string, string>;
  let ask: ApiClient["ask"];
  let flowRunId: string;

  beforeAll(async () => {
    const api = await startApi({ key });
    const home = mkdtempSync(join(tmpdir(), "prefect-"));
    ask = (query, variables) => post(api.url, query, variables ?? null, { authorization: `Bearer ${key}` });
    // What an agent of Prefect 1.x gives a container.
    env = {
      ...{ HOME: home, PATH: `${join(venv, "bin")}:${process.env.PATH}`, PREFECT__BACKEND: "cloud" },
      ...{ PREFECT__CLOUD__API: api.url, PREFECT__CLOUD__API_KEY: key, PREFECT__CLOUD__TENANT_ID: api.tenantId },
      ...{ PREFECT__CLOUD__USE_LOCAL_SECRETS: "false", PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "true" },
      ...{ PREFECT__CLOUD__AGENT__LABELS: "[]", PREFECT__LOGGING__LEVEL: "DEBUG" },
      PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
    };
    const script = join(import.meta.dirname, "fixtures/weather_flow.py");
    const { code, output } = await run("python", [script, join(home, "flows")], env);
    expect(output).toContain("ID: ");
    expect(code).toBe(0);
    ({ flow_run_id: flowRunId } = jsonAfter("registered:", output) as { flow_run_id: string });
    return async () => {
      await api.close();
      rmSync(home, { recursive: true, force: true });
    };
  });

  test("registers a flow, and its runner executes a run of it: every state is there, in order", async () => {
    const { code, output } = await run("prefect", ["execute", "flow-run"], {
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

  test("its agent takes a run from the queue; views, version lock, limits and cancellation are as it expects", async () => {
    const { code, output } = await run("python", [join(import.meta.dirname, "fixtures/follow_runs.py")], env);
    expect([code, jsonAfter("told:", output) ?? output]).toEqual([
      0,
      {
        ...{ flow: ["weather", "demo"], exit_codes: [0], agent_run: ["Scheduled", "Submitted", "Running", "Success"] },
        ...{ result: "6:9", task_runs: 9, version_lock: "mismatch", over_limit: "Queued" },
        ...{ cancel: "Cancelling", cancelled: ["Cancelled"] },
      },
    ]);
  });

  test("is told that its key is wrong", async () => {
    const { code, output } = await run("prefect", ["execute", "flow-run"], {
      ...env,
      PREFECT__CLOUD__API_KEY: "another",
      PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId,
    });
    expect([code, output]).toEqual([1, expect.stringContaining("401 Client Error: Unauthorized")]);
  });
});
