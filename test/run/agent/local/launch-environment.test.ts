import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRunnerEnvironment } from "../../../../src/config/index.ts";
import { launchEnvironment } from "../../../../src/run/agent/local/launch-environment.ts";
import type { LaunchSettings } from "../../../../src/run/agent/local/launch-settings.ts";
import { runSurroundings } from "../../../../src/run/agent/local/run-surroundings.ts";
import { prefectVenv } from "../../../conformance/prefect-venv.ts";
import { scheduledAt, startable } from "../startable.ts";

const run = startable(scheduledAt(0), { id: "run-7" });
const access = { apiUrl: "http://api:4200", apiKey: null, tenantId: null, dialect: "1.x" } as const;
const settings: LaunchSettings = { access, labels: [], env: {}, sendLogs: true };
const nothing = { env: {}, workingFolder: null };

const contract = {
  PREFECT__LOGGING__LEVEL: "INFO",
  PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "true",
  PREFECT__BACKEND: "server",
  PREFECT__CLOUD__API: "http://api:4200",
  PREFECT__CLOUD__AGENT__LABELS: "[]",
  PREFECT__CONTEXT__FLOW_RUN_ID: "run-7",
  PREFECT__CONTEXT__FLOW_ID: "flow-1",
  PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
  PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
};

describe("the environment of a flow run's process", () => {
  it("is the launch contract of Prefect 1.4.1's local agent, and nothing beside", () => {
    expect(launchEnvironment({}, run, settings, nothing)).toEqual({ ...contract, PYTHONPATH: process.cwd() });
  });

  it("has the key, and the tenant beside a key only", () => {
    const withKey = { ...settings, access: { ...access, apiKey: "k", tenantId: "t" } };
    expect(launchEnvironment({}, run, withKey, nothing)).toMatchObject({
      PREFECT__BACKEND: "cloud",
      PREFECT__CLOUD__API_KEY: "k",
      PREFECT__CLOUD__TENANT_ID: "t",
    });
    const withoutKey = { ...settings, access: { ...access, tenantId: "t" } };
    expect(launchEnvironment({}, run, withoutKey, nothing)).not.toHaveProperty("PREFECT__CLOUD__TENANT_ID");
  });

  it("is that of Prefect 3's workers, with nothing of another run and no password beside another key", () => {
    const of3 = { apiUrl: "http://api:4200/api", apiKey: "k", tenantId: null, dialect: "3" } as const;
    const access3 = { ...of3, apiHeaders: { "X-Team": "weather" } };
    const inherited = {
      ...{ A: "own", B: "own", PREFECT_API_URL: "http://another/api", PREFECT_API_AUTH_STRING: "me:secret" },
      ...{ PREFECT__CONTEXT__FLOW_RUN_ID: "another", PREFECT__CONTROL_PORT: "1", PREFECT__CONTROL_TOKEN: "t" },
    };
    const asked = { env: { B: "deployment's", PREFECT__FLOW_RUN_ID: "another" }, workingFolder: null };
    const env = launchEnvironment(inherited, run, { ...settings, access: access3 }, asked);
    expect(env).toEqual({
      A: "own",
      B: "deployment's",
      PREFECT_API_URL: "http://api:4200/api",
      PREFECT_API_KEY: "k",
      PREFECT_CLIENT_CUSTOM_HEADERS: '{"X-Team":"weather"}',
      PREFECT__FLOW_RUN_ID: "run-7",
      FLOW_RUNNER__DIALECT: "3",
    });
    expect(parseRunnerEnvironment(env)).toMatchObject({ flowRunId: "run-7", apiDialect: "3", authString: null });
  });

  it("is overridden by --env, that by the run config, and none of them touches what a run needs", () => {
    const base = { A: "agent's", B: "agent's", C: "agent's", PREFECT__LOGGING__LEVEL: "DEBUG", PYTHONPATH: "/lib" };
    const own = { B: "flag's", C: "flag's", PREFECT__CONTEXT__FLOW_RUN_ID: "another" };
    const env = launchEnvironment(
      base,
      run,
      { ...settings, env: own },
      {
        env: { C: "run's", PREFECT__CLOUD__API: "http://elsewhere" },
        workingFolder: "/work",
      },
    );
    expect(env).toMatchObject({ ...contract, A: "agent's", B: "flag's", C: "run's", PREFECT__LOGGING__LEVEL: "DEBUG" });
    expect(env.PYTHONPATH).toBe("/work:/lib");
  });

  it("lets a run turn its logs off, and not on where the agent has them off", () => {
    const logs = (sendLogs: boolean, asked: string): string | undefined =>
      launchEnvironment(
        {},
        run,
        { ...settings, sendLogs },
        { env: { PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: asked }, workingFolder: null },
      ).PREFECT__CLOUD__SEND_FLOW_RUN_LOGS;
    expect([logs(true, "false"), logs(false, "true"), logs(true, "true")]).toEqual(["false", "false", "true"]);
  });
});

describe("the environment of a run of Prefect 0.7", () => {
  const access07 = { ...access, apiKey: "token", dialect: "0.7" as const };

  it("is the launch contract of 0.7.0's local agent, and says that it is 0.7", () => {
    expect(launchEnvironment({}, run, { ...settings, access: access07 }, nothing)).toEqual({
      PREFECT__CLOUD__API: "http://api:4200",
      PREFECT__CLOUD__AUTH_TOKEN: "token",
      PREFECT__CONTEXT__FLOW_RUN_ID: "run-7",
      PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
      PREFECT__LOGGING__LOG_TO_CLOUD: "true",
      PREFECT__LOGGING__LEVEL: "DEBUG",
      PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
      PREFECT__ENGINE__TASK_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudTaskRunner",
      FLOW_RUNNER__DIALECT: "0.7",
    });
  });

  it("is read as 0.7 by the runner, also without a token and within an environment of 1.x", () => {
    const without = { ...settings, access: { ...access07, apiKey: null } };
    const environment = launchEnvironment({ HOME: "/nonexistent", PREFECT__BACKEND: "server" }, run, without, nothing);
    expect(parseRunnerEnvironment(environment)).toMatchObject({
      apiDialect: "0.7",
      flowRunId: "run-7",
      sendLogs: true,
    });
  });
});

/** The judge: the real agent. */
const { python, skipped } = prefectVenv("1.4.1");

const agentOfPrefect = `
import json, os, sys
from prefect.agent.local import LocalAgent
from prefect.run_configs import LocalRun
from prefect.utilities.graphql import GraphQLResult
asked = json.load(sys.stdin)
agent = LocalAgent(labels=asked["labels"], env_vars=asked["env"], hostname_label=False, no_cloud_logs=not asked["sendLogs"])
run = GraphQLResult({"id": "run-7", "flow": GraphQLResult({"id": "flow-1"})})
config = LocalRun(env=asked["runEnv"], working_dir=asked["folder"])
print(json.dumps(agent.populate_env_vars(run, run_config=config)))
`;

describe.skipIf(skipped)("the real agent of Prefect 1.4.1 gives a run the same environment", () => {
  const tenantId = "7f5c4b1e-5a3c-4c3c-9a52-6f2d6f8b1d11";
  const server = { PREFECT__BACKEND: "server", PREFECT__CLOUD__API: "http://api:4200" };
  const withKey = { PREFECT__CLOUD__API_KEY: "k", PREFECT__CLOUD__TENANT_ID: tenantId };
  const cloud = { ...server, PREFECT__BACKEND: "cloud", ...withKey };

  it.each([
    ["plain", server, { labels: [], env: {}, sendLogs: true, runEnv: {}, folder: null }],
    [
      "with everything",
      { ...server, PYTHONPATH: "/lib", PREFECT__LOGGING__LEVEL: "DEBUG", A: "agent's" },
      {
        labels: ["gpu", "it's", 'say "hi"', "both ' and \"", "back\\slash"],
        env: { B: "flag's", C: "flag's" },
        sendLogs: true,
        runEnv: { C: "run's", PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "false", PREFECT__CONTEXT__FLOW_ID: "no" },
        folder: "/tmp",
      },
    ],
    ["with a key", cloud, { labels: [], env: {}, sendLogs: false, runEnv: {}, folder: null }],
  ])("%s", (_, extra, asked) => {
    // Python adds this one by itself.
    const environment = {
      LC_CTYPE: "C.UTF-8",
      PATH: process.env.PATH ?? "",
      HOME: mkdtempSync(join(tmpdir(), "home-")),
      ...extra,
    };
    const { stdout, stderr } = spawnSync(python, ["-c", agentOfPrefect], {
      env: environment,
      ...{ input: JSON.stringify(asked), encoding: "utf8", timeout: 240_000 },
    });
    const last = stdout.trimEnd().split("\n").at(-1) ?? "";
    if (!last.startsWith("{")) throw new Error(stderr);
    const hasKey = extra === cloud;
    const withKey = { ...access, apiKey: hasKey ? "k" : null, tenantId: hasKey ? tenantId : null };
    const { labels, env, sendLogs, runEnv, folder } = asked;
    const ours = launchEnvironment(
      environment,
      run,
      { access: withKey, labels, env, sendLogs },
      { env: runEnv, workingFolder: folder },
    );
    expect(ours).toEqual(JSON.parse(last));
  });
});

describe("a run config", () => {
  it("of a UniversalRun or LocalRun gives variables and a folder", () => {
    expect(runSurroundings(null)).toEqual(nothing);
    expect(runSurroundings({ type: "UniversalRun", labels: [], env: null })).toEqual(nothing);
    const folder = mkdtempSync(join(tmpdir(), "folder-"));
    const config = { type: "LocalRun", env: { N: 1, T: "text" }, working_dir: folder };
    expect(runSurroundings(config)).toEqual({ env: { N: "1", T: "text" }, workingFolder: folder });
  });

  it.each([
    [{ type: "KubernetesRun" }, "RUN_CONFIG_UNSUPPORTED", "KubernetesRun"],
    [{ env: {} }, "RUN_CONFIG_UNREADABLE", "type"],
    [{ type: "LocalRun", working_dir: "/no/such/folder" }, "WORKING_FOLDER_MISSING", "/no/such/folder"],
  ])("that this machine cannot follow is said: %o", (config, code, named) => {
    expect(() => runSurroundings(config)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(named) }),
    );
  });
});
