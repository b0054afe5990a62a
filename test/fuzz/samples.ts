import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Real inputs: what Prefect has written, what hosts have sent, what agents set. */

const lines = (version: string): string[] =>
  readFileSync(join(import.meta.dirname, `../state/wire/fixtures/wire-states-${version}.tsv`), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[1] ?? "");

export const states1x: readonly unknown[] = lines("1.4.1").map((text) => JSON.parse(text));
export const states07: readonly unknown[] = lines("0.7.0").map((text) => JSON.parse(text));

const [pending = {}] = states1x;

export const flowRunAnswers: readonly unknown[] = states1x.map((state, at) => ({
  data: {
    flow_run_by_pk: {
      id: "7e120550-b7cd-481c-a0ee-02955601c689",
      name: "brave-otter",
      version: 3,
      parameters: { day: "2026-11-25" },
      context: {},
      scheduled_start_time: "2026-11-25T10:00:00.123456+00:00",
      heartbeat: null,
      serialized_state: state,
      flow: {
        id: "f",
        name: "weather",
        storage: { type: "Docker", flows: { weather: "/root/.prefect/weather.prefect" }, digests: {} },
        environment: { type: "LocalEnvironment" },
        run_config: null,
        settings: { heartbeat_enabled: true },
        project: { id: "p", name: "demo" },
      },
      task_runs: [
        { id: `r${at}`, version: 1, serialized_state: pending, task: { id: "t", slug: "mean-1" } },
        { id: "r2", version: 2, serialized_state: state, task: { id: "t2", slug: "rows-1" } },
      ],
    },
  },
}));

export const otherAnswers: readonly unknown[] = [
  { data: { write_run_logs: { success: true } } },
  { data: null, errors: [{ message: "Unauthenticated", path: ["l0"], extensions: { code: "UNAUTHENTICATED" } }] },
  { errors: [{ message: "Operation timed out", extensions: { code: "API_ERROR" } }] },
  { data: { t0: { states: [{ id: "r0", status: "SUCCESS", message: null }] } } },
];

export const environments: readonly Readonly<Record<string, string>>[] = [
  {
    PREFECT__CLOUD__API: "https://api.prefect.io",
    PREFECT__CLOUD__API_KEY: "pcu_0123456789",
    PREFECT__CLOUD__TENANT_ID: "8f1b0b0a-9f7b-4a2c-9d1a-2b3c4d5e6f70",
    PREFECT__CONTEXT__FLOW_RUN_ID: "7e120550-b7cd-481c-a0ee-02955601c689",
    PREFECT__CONTEXT__DAYS: "['mon', 'tue', {'x': (1, 2.5e3, None)}]",
    PREFECT__CONTEXT__SECRETS__TOKEN: "s3cret",
    PREFECT__LOGGING__LEVEL: "DEBUG",
    PREFECT__LOGGING__EXTRA_LOGGERS: "['boto3']",
    PREFECT__CLOUD__HEARTBEAT_INTERVAL: "30.0",
    PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
    PREFECT__FLOWS__CHECKPOINTING: "true",
    PREFECT__TASKS__DEFAULTS__MAX_RETRIES: "2",
    PREFECT__TASKS__DEFAULTS__RETRY_DELAY: "10",
    FLOW_RUNNER__RESULT_HANDLER: '{"type":"LocalResultHandler","dir":"$HOME/results"}',
    FLOW_RUNNER__CONCURRENCY: "8",
    FLOW_RUNNER__WAIT_LIMIT: "10m",
    HOME: "/root",
  },
  {
    PREFECT__CLOUD__GRAPHQL: "http://apollo:4200/graphql/alpha",
    PREFECT__CLOUD__AUTH_TOKEN: "token",
    PREFECT__CONTEXT__FLOW_RUN_ID: "7e120550-b7cd-481c-a0ee-02955601c689",
    PREFECT__ENGINE__EXECUTOR__DEFAULT_CLASS: "prefect.engine.executors.LocalExecutor",
    PREFECT__CLOUD__RATE_LIMITING__BACKOFF_S: "180",
    PREFECT__HOME_DIR: "~/.prefect",
  },
];

const answered = { id: 3, type: "ran" };
export const frames: readonly unknown[] = [
  { ...answered, outcome: { kind: "success", stored: null, length: 3, message: null } },
  {
    ...answered,
    outcome: {
      kind: "error",
      error: { name: "RangeError", message: "no such station", stack: "RangeError: no\n    at f", retryable: true },
    },
  },
  { ...answered, outcome: { kind: "retry", message: "again", startTime: 1_795_629_160_781 } },
  {
    type: "called",
    id: 4,
    outcome: { kind: "ok", state: { type: "Success", message: "ok", result: null, context: {} }, fires: true },
  },
  { type: "measured", id: 5, measure: { kind: "unmappable", what: "null" } },
  { type: "probed", id: 6, probe: { kind: "probed", cacheKey: null, inputHashes: { x: "ab" }, target: null } },
  { type: "shown", id: 9, shown: { kind: "shown", names: ["x"], texts: { x: "[ 1, 2 ]" } } },
  { type: "done", id: 7, error: null, missing: [1, 2] },
  { type: "unloadable", code: "ARTIFACT_TRUNCATED", message: "it is cut off", details: { path: "/x", bytes: 3 } },
  { type: "exiting", code: 7, run: 3 },
  { type: "pong", id: 8 },
];
