import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startApi } from "../../../src/api/index.ts";
import { post } from "../../api/api-client.ts";
import { newFolder, realPrefect, toldBy } from "./real-prefect.ts";

const prefect = realPrefect("0.7.0");
const script = (name: string): string => join(import.meta.dirname, "python", `${name}_0_7_0.py`);

const plain = "Pending Running Success";
const children = Object.fromEntries([0, 1, 2, 3].map((at) => [`warmer[${at}]`, plain]));

/** As Prefect's own trace of a run in 0.7 has them: a mapping is told twice, a retry is Failed first. */
const flakyStates = "Pending Running Failed Retrying Running Success";
const taskRuns = {
  ...{ "count[-1]": plain, "days[-1]": "Pending Running Success Cached", "TOKEN[-1]": plain, "signed[-1]": plain },
  ...{ "warmer[-1]": "Pending Mapped Mapped", ...children, "flaky_sum[-1]": flakyStates },
};

describe.skipIf(prefect.skipped)("the real Prefect 0.7.0", () => {
  let executed: { code: number | null; output: string };
  let told: Record<string, unknown>;

  beforeAll(async () => {
    const key = "the-key";
    const api = await startApi({ key });
    const { folder, remove } = newFolder();
    // What its agents give a container.
    const env = {
      ...{ PREFECT__CLOUD__API: api.url, PREFECT__CLOUD__AUTH_TOKEN: key, PREFECT__CLOUD__AGENT__AUTH_TOKEN: key },
      ...{ PREFECT__CLOUD__USE_LOCAL_SECRETS: "false", PREFECT__LOGGING__LOG_TO_CLOUD: "true" },
      ...{ PREFECT__LOGGING__LEVEL: "DEBUG", PREFECT__CLOUD__AGENT__LEVEL: "ERROR" },
      PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
      PREFECT__ENGINE__TASK_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudTaskRunner",
    };
    const deployed = toldBy(await prefect.run("python", [script("weather"), folder], env));
    expect(deployed).toMatchObject({ flow_run_id: expect.any(String) });
    const { flow_run_id: flowRunId } = deployed as { flow_run_id: string };
    executed = await prefect.run("prefect", ["execute", "cloud-flow"], {
      ...env,
      PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId,
    });
    const { data } = await post(api.url, "{ flow_run { name } }", null, { authorization: `Bearer ${key}` });
    const name = (data?.flow_run as { name: string }[] | undefined)?.[0]?.name ?? "";
    // The commands' own log lines belong to no run.
    const commands = { ...env, PREFECT__LOGGING__LOG_TO_CLOUD: "false" };
    const ended = await prefect.run("python", [script("commands"), flowRunId, name], commands);
    const json = toldBy(ended);
    expect(json).toEqual(expect.any(Object));
    told = { ...(json as object), name };
    return async () => {
      await api.close();
      remove();
    };
  });

  test("deploys a flow, and its runner executes a run of it: every state is there, in order", () => {
    expect([executed.code, executed.output]).toEqual([
      0,
      expect.stringContaining("Flow run SUCCESS: all reference tasks succeeded"),
    ]);
    expect(told.states).toEqual(["Scheduled Running Success", taskRuns]);
  });

  test("its agent takes a run from the queue and its command watches it; a cached state is found", () => {
    expect(told["run cloud --name weather --project demo --watch"]).toMatch(
      /Scheduled -> (Submitted -> )?(Running -> )?Success/,
    );
    // It has another parameter than the first run, of which the default validator takes no notice.
    const second = { ...taskRuns, "days[-1]": "Pending Cached" };
    expect(told.second).toEqual(["Scheduled Submitted Running Success", second]);
    expect(told.client).toEqual({
      ...{ child: ["Success", 2, "2"], cached: ["[0, 1, 2, 3]", "[0, 1, 2, 3]"] },
      version_lock: expect.stringContaining("VERSION_LOCKING_ERROR"),
    });
  });

  test("its commands list and describe what is there", () => {
    expect(told["get projects"]).toMatch(/^demo +1 .*of old$/m);
    expect(told["get flows --name weather --all-versions"]).toMatch(/^weather +2 +demo.*\nweather +1 +demo/m);
    expect(told["get flow-runs --flow weather --started"]).toMatch(/^\S+ +weather +Success .* 00:00:\d\d\.\d+$/m);
    expect(told["get tasks --flow-name weather --flow-version 2"]).toMatch(/^flaky_sum +weather +2 /m);
    expect(told[`get logs --name ${told.name}`]).toMatch(/ERROR +Unexpected error: ValueError\('first'\)/);
    expect(told[`get logs --info --name ${told.name}`]).toContain("'levelname': 'ERROR'");
    expect(told["describe flows -n weather"]).toContain("'type': 'RemoteEnvironment'");
    expect(told["describe tasks -n weather"]).toContain("'retry_delay': '00:00:01'");
    expect(told[`describe flow-runs -n ${told.name}`]).toMatch(/'duration': '00:00:\d\d\.\d+'/);
  });

  test("is held back by a limit on a tag, logs in to its tenant, and is told that there are no tokens", () => {
    expect(told.queued).toContain('"flaky"');
    expect(told.tag_limit).toBe(0);
    expect([told.tenants, told.logged_in]).toEqual([["default"], "👋"]);
    expect(told.token).toContain("This API has one key");
  });
});
