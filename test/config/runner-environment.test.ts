import { describe, expect, test } from "vitest";
import { parseAuthorEnvironment, parseRunnerEnvironment } from "../../src/config/index.ts";
import { FlowRunnerError } from "../../src/errors/index.ts";

const least = {
  HOME: "/root",
  PREFECT__CLOUD__API: "http://api:4200",
  PREFECT__CONTEXT__FLOW_RUN_ID: "0d6f1c1e-1f5a-4c6e-9f0e-0a8e3a1f4c11",
};

/** What Prefect 1.4.1's Docker agent sets (PREFECT 1.x `agent/docker/agent.py`). */
const fromAgent = {
  ...least,
  PREFECT__BACKEND: "server",
  PREFECT__CLOUD__API_KEY: "pcu_$HOME~\\n",
  PREFECT__CLOUD__TENANT_ID: "",
  PREFECT__CLOUD__AGENT__LABELS: "[]",
  PREFECT__CONTEXT__FLOW_ID: "f-1",
  PREFECT__CONTEXT__IMAGE: "weather:1",
  PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
  PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
  PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "True",
  PREFECT__LOGGING__LOG_TO_CLOUD: "false",
  PREFECT__CLOUD__AUTH_TOKEN: "old",
  PREFECT__LOGGING__LEVEL: "debug",
};

function failure(run: () => unknown): FlowRunnerError {
  try {
    run();
  } catch (error) {
    if (error instanceof FlowRunnerError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the environment an agent sets", () => {
  test("is understood as it is", () => {
    expect(parseRunnerEnvironment(fromAgent)).toMatchObject({
      apiUrl: "http://api:4200",
      apiKey: "pcu_$HOME~\\n",
      tenantId: null,
      flowRunId: least.PREFECT__CONTEXT__FLOW_RUN_ID,
      useLocalSecrets: false,
      sendLogs: true,
      logLevel: "DEBUG",
      context: { flow_run_id: least.PREFECT__CONTEXT__FLOW_RUN_ID, flow_id: "f-1", image: "weather:1" },
    });
  });

  test("needs a flow run and an API, and says which variable is missing", () => {
    const { PREFECT__CONTEXT__FLOW_RUN_ID: _, ...noRun } = least;
    expect(failure(() => parseRunnerEnvironment(noRun))).toMatchObject({ code: "FLOW_RUN_ID_MISSING", exitCode: 2 });
    const { PREFECT__CLOUD__API: __, ...noApi } = least;
    const error = failure(() => parseRunnerEnvironment(noApi));
    expect(error).toMatchObject({ code: "API_ADDRESS_MISSING", exitCode: 2 });
    expect(error.message).toContain("PREFECT__CLOUD__API");
  });

  test.each([
    [{ PREFECT__CLOUD__AUTH_TOKEN: "t" }, "t"],
    [{ PREFECT__CLOUD__API_KEY: "k", PREFECT__CLOUD__AUTH_TOKEN: "t" }, "k"],
    [{ PREFECT__CLOUD__AUTH_TOKEN: "XX", PREFECT__CLOUD__AGENT__AUTH_TOKEN: "real" }, "real"],
    [{ PREFECT__CLOUD__API_KEY: "" }, null],
  ])("finds the key of every generation of agents: %j", (env, key) => {
    expect(parseRunnerEnvironment({ ...least, ...env }).apiKey).toBe(key);
  });

  test("persists results unless told not to", () => {
    expect(parseRunnerEnvironment(least).checkpointing).toBe(true);
    expect(parseRunnerEnvironment({ ...least, PREFECT__FLOWS__CHECKPOINTING: "" }).checkpointing).toBe(true);
    expect(parseRunnerEnvironment({ ...least, PREFECT__FLOWS__CHECKPOINTING: "false" }).checkpointing).toBe(false);
    expect(parseAuthorEnvironment({}).checkpointing).toBe(false);
    expect(parseAuthorEnvironment({ PREFECT__FLOWS__CHECKPOINTING: "True" }).checkpointing).toBe(true);
  });

  test("takes log shipping from the older name only where the newer one is silent", () => {
    expect(parseRunnerEnvironment({ ...least, PREFECT__LOGGING__LOG_TO_CLOUD: "false" }).sendLogs).toBe(false);
    expect(parseRunnerEnvironment(least).sendLogs).toBe(true);
  });
});

describe("values", () => {
  test.each([
    ["30", 30_000],
    ["30.0", 30_000],
    ["0.25", 250],
    ["500ms", 500],
    ["90s", 90_000],
    ["10m", 600_000],
    ["2h", 7_200_000],
  ])("a time of %s is milliseconds inside", (text, ms) => {
    expect(parseRunnerEnvironment({ ...least, PREFECT__CLOUD__HEARTBEAT_INTERVAL: text }).heartbeatInterval).toBe(ms);
  });

  test.each(["0", "-1", "soon", "10 weeks", "1e3", "NaN", "99d"])("a heartbeat interval of %j is refused", (text) => {
    const error = failure(() => parseRunnerEnvironment({ ...least, PREFECT__CLOUD__HEARTBEAT_INTERVAL: text }));
    expect(error).toMatchObject({ code: "ENVIRONMENT_INVALID", exitCode: 2 });
    expect(error.message).toContain(`PREFECT__CLOUD__HEARTBEAT_INTERVAL is ${JSON.stringify(text)}`);
    expect(error.message).toContain("Allowed: seconds");
  });

  test("every wrong variable is named at once", () => {
    const { message } = failure(() =>
      parseRunnerEnvironment({
        ...least,
        FLOW_RUNNER__CONCURRENCY: "0",
        PREFECT__LOGGING__LEVEL: "loud",
        PREFECT__CLOUD__API: "api:4200",
      }),
    );
    expect(message).toMatch(/FLOW_RUNNER__CONCURRENCY is "0"/);
    expect(message).toMatch(
      /PREFECT__LOGGING__LEVEL is "loud"\. Allowed: DEBUG, INFO, WARNING, ERROR, CRITICAL, in any case/,
    );
    expect(message).toMatch(/PREFECT__CLOUD__API is "api:4200"/);
  });

  test("a variable that is empty counts as not set", () => {
    expect(parseRunnerEnvironment({ ...least, FLOW_RUNNER__CONCURRENCY: "" }).concurrency).toBe(32);
  });

  test.each([
    ["json", { type: "JSONResultHandler" }],
    ["file:///data/results", { type: "LocalResultHandler", dir: "/data/results" }],
    ["s3://weather", { type: "S3ResultHandler", bucket: "weather" }],
    ["gs://weather", { type: "GCSResultHandler", bucket: "weather" }],
    ["azure://weather", { type: "AzureResultHandler", container: "weather" }],
    ['{"type":"S3ResultHandler","bucket":"b","region":"eu"}', { type: "S3ResultHandler", bucket: "b", region: "eu" }],
  ])("the default result handler %s", (text, handler) => {
    expect(parseRunnerEnvironment({ ...least, FLOW_RUNNER__RESULT_HANDLER: text }).resultHandler).toEqual(handler);
  });

  test.each(["s3://bucket/prefix", "S3", '{"bucket":"b"}', "{", "ftp://x"])("no result handler is %s", (text) => {
    const error = failure(() => parseRunnerEnvironment({ ...least, FLOW_RUNNER__RESULT_HANDLER: text }));
    expect(error.message).toContain("s3://bucket");
  });

  test("folders are absolute, with ~ and variables expanded", () => {
    expect(parseAuthorEnvironment({ HOME: "/root" }).prefectFolder).toBe("/root/.prefect");
    expect(parseAuthorEnvironment({ HOME: "/root", PREFECT__HOME_DIR: "~/p" }).prefectFolder).toBe("/root/p");
    expect(parseAuthorEnvironment({ D: "/d", FLOW_RUNNER__APPLICATION_FOLDER: "$D/app" }).applicationFolder).toBe(
      "/d/app",
    );
  });
});

describe("the context", () => {
  test.each([
    ["3", 3],
    ["1.5", 1.5],
    ["007", "007"],
    ["1e3", 1000],
    ["3.0", 3],
    ["['a', (1, None), {'k': True}]", ["a", [1, null], { k: true }]],
    ["'42'", "42"],
    ["[true]", [true]],
    ["12345678901234567890", "12345678901234567890"],
    ["TRUE", true],
    ["None", null],
    ["[1, 2]", [1, 2]],
    ['{"a": "b"}', { a: "b" }],
    ["[not json", "[not json"],
    ["~/data", "/root/data"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a shell's placeholder that is expanded.
    ["${ZONE}-$ZONE", "eu-eu"],
    ["$UNKNOWN", "$UNKNOWN"],
  ])("casts %j as Prefect does", (text, value) => {
    const env = { ...least, ZONE: "eu", PREFECT__CONTEXT__X: text };
    expect(parseRunnerEnvironment(env).context.x).toEqual(value);
  });

  test("nests by double underscores, whatever comes first", () => {
    const env = { ...least, PREFECT__CONTEXT__A__B: "1", PREFECT__CONTEXT__A: "2", PREFECT__CONTEXT__A__C__D: "x" };
    expect(parseRunnerEnvironment(env).context.a).toEqual({ b: 1, c: { d: "x" } });
  });

  test("cannot reach an object's prototype", () => {
    const { context } = parseRunnerEnvironment({
      ...least,
      PREFECT__CONTEXT____PROTO____POLLUTED: "1",
      PREFECT__CONTEXT__CONSTRUCTOR__X: "1",
    });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(context)).toBe(Object.prototype);
  });

  test("holds no secret, and a secret keeps every character and its name's case", () => {
    const env = { ...least, PREFECT__CONTEXT__SECRETS__Db_Password: "~$HOME\\n42", PREFECT__CONTEXT__SECRETS__N: "42" };
    const config = parseRunnerEnvironment(env);
    expect(config.secretsFromContext).toEqual({ Db_Password: "~$HOME\\n42", N: "42" });
    expect(JSON.stringify(config.context)).not.toContain("42");
  });
});
