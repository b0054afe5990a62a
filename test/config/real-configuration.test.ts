import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { notHonoured, parseAgentEnvironment, parseRunnerEnvironment, settingLines } from "../../src/config/index.ts";
import { castValue } from "../../src/config/prefect/cast.ts";
import { matches } from "../../src/config/settings/not-honoured.ts";
import type { PrefectVersion } from "../conformance/prefect-venv.ts";
import { askPrefect, describePrefect } from "./real-prefect.ts";

const answer = z.object({
  keys: z.array(z.string()),
  cast: z.array(z.unknown()),
  values: z.array(z.record(z.string(), z.unknown())),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prefect-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Question {
  readonly texts?: readonly string[];
  readonly lookups?: readonly string[];
  readonly environments?: readonly Readonly<Record<string, string>>[];
}

const ask = async (version: PrefectVersion, question: Question = {}) => {
  const given = { texts: [], lookups: [], environments: [], ...question };
  return answer.parse(await askPrefect(version, "configuration.py", given, { cwd: folder }));
};

/** In either table: what is read, or what has no effect. */
function isTold(key: string): boolean {
  const variable = `PREFECT__${key.toUpperCase().replaceAll(".", "__")}`;
  const read = settingLines().some(({ names }) => names.includes(variable));
  return read || notHonoured.some(({ name }) => matches(name, variable));
}

describePrefect("0.7.0")("the configuration of Prefect 0.7.0", () => {
  test("has no key that the README does not speak of", async () => {
    const { keys } = await ask("0.7.0");
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !isTold(key))).toEqual([]);
  });
});

const texts = [
  ...["3", "1.5", "007", "1e3", "TRUE", "None", "3.0", "-.5", "1.", "-3", "+3", "0x10", "1_000", "_1", "1__0", "00"],
  ...["[1, 2]", "{'a': 'b'}", "['a', (1,), (2), {3}, {}]", "{'a': [True, None]}", "{1: 2}", "()", "[1,]", "[[[]]]"],
  ...["'x\\ty'", "u'x'", "''", '"it\'s"', "'a\\'b'", "'\\x41\\u00e9'", "'\\q'", "{'a':1,}", "((1))", "{'a'}", " 3 "],
  ...["[not", "[,]", "[1,,2]", "nan", "weather:1.10", "", "1 2", "-1e-3", "2026-01-02", "1.10", "a,b", "[a, b]"],
];

const toml = `
home_dir = "$BASE/prefect"
[server]
host = "http://api.test"
[cloud]
api = "\${server.endpoint}"
heartbeat_interval = 12.5
check_cancellation_interval = 7
tenant_id = "from-file"
[cloud.agent]
labels = "['gpu', 'eu']"
[cloud.agent.env_vars]
Station = "Seattle"
[logging]
level = "WARNING"
[flows]
checkpointing = true
[context]
zone = "\${cloud.tenant_id}-1"
beat = "\${cloud.heartbeat_interval}"
days = "[1, 2]"
folder = "~/data"
count = 3
[context.nested]
Key = "kept"
[context.secrets]
DB_Password = "plain"
`;

const environments: readonly (readonly [what: string, env: Readonly<Record<string, string>>])[] = [
  ["the file alone", {}],
  ["the environment over it", { PREFECT__CLOUD__TENANT_ID: "from-env", PREFECT__LOGGING__LEVEL: "ERROR" }],
  ["an empty variable, which hides the file's value", { PREFECT__CLOUD__TENANT_ID: "" }],
  [
    "a reference in the environment",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Prefect's own way.
    { PREFECT__CLOUD__API: "http://${server.port}.test", PREFECT__CONTEXT__COUNT: "4" },
  ],
  [
    "an agent's own settings",
    {
      PREFECT__CLOUD__AGENT__LABELS: '["x"]',
      PREFECT__CLOUD__AGENT__NAME: "north",
      PREFECT__CLOUD__AGENT__LEVEL: "DEBUG",
      PREFECT__CLOUD__AGENT__AGENT_ADDRESS: "http://localhost:8080",
    },
  ],
  ["a secret in the environment", { PREFECT__CONTEXT__SECRETS__Token: "abc" }],
];
const environment = (env: Readonly<Record<string, string>>) => ({
  ...{ HOME: folder, BASE: "/base", PREFECT__CONTEXT__FLOW_RUN_ID: "fr-1" },
  ...env,
});

describePrefect("1.4.1")("the configuration of Prefect 1.4.1", () => {
  let prefect: z.infer<typeof answer>;
  beforeAll(async () => {
    await mkdir(join(folder, ".prefect"), { recursive: true });
    await writeFile(join(folder, ".prefect/config.toml"), toml);
    prefect = await ask("1.4.1", {
      texts,
      lookups: Object.keys(ours({ ...environment({}), PREFECT__CLOUD__API: "http://x" })),
      environments: environments.map(([, env]) => environment(env)),
    });
  });

  test("has no key that the README does not speak of", () => {
    expect(prefect.keys.length).toBeGreaterThan(20);
    expect(prefect.keys.filter((key) => !isTold(key))).toEqual([]);
  });

  test("casts a value to what it is here", () => {
    expect(texts.map((text) => [text, castValue(text)])).toEqual(texts.map((text, at) => [text, prefect.cast[at]]));
  });

  test.each(environments.map(([what], at) => [what, at] as const))("is put together as here: %s", (_what, at) => {
    expect(ours(environment(environments[at]?.[1] ?? {}))).toEqual(prefect.values[at]);
  });
});

/** By Prefect's keys. */
function ours(env: Readonly<Record<string, string>>) {
  const config = parseRunnerEnvironment(env);
  const { context, secretsFromContext: secrets } = config;
  const agent = parseAgentEnvironment(env);
  return {
    home_dir: config.prefectFolder,
    "cloud.api": config.apiUrl,
    "cloud.heartbeat_interval": config.heartbeatInterval / 1_000,
    "cloud.check_cancellation_interval": config.cancellationInterval / 1_000,
    "cloud.tenant_id": config.tenantId ?? "",
    "logging.level": config.logLevel,
    "flows.checkpointing": config.checkpointing,
    "cloud.agent.name": agent.name,
    "cloud.agent.labels": agent.labels,
    "cloud.agent.level": agent.logLevel ?? "INFO",
    "cloud.agent.agent_address": agent.address ?? "",
    "cloud.agent.env_vars": agent.env,
    "context.zone": context.zone,
    "context.beat": context.beat,
    "context.days": context.days,
    "context.folder": context.folder,
    "context.count": context.count,
    "context.nested.Key": (context.nested as Record<string, unknown>).Key,
    "context.secrets.DB_Password": secrets.DB_Password,
    "context.secrets.Token": secrets.Token ?? null,
  };
}

describe("a value that Prefect casts", () => {
  test.each([
    ["an integer beyond 2^53", "12345678901234567890"],
    ["bytes", "b'x'"],
    ["a complex number", "1+2j"],
    ["infinity", "1e400"],
  ])("stays text where JavaScript could not hold it: %s", (_what, text) => {
    expect(castValue(text)).toBe(text);
  });

  test.each([
    ["null", null],
    ["[true]", [true]],
    ['{"a": null}', { a: null }],
  ])("may also be JSON, which Prefect leaves as text: %s", (text, value) => {
    expect(castValue(text)).toEqual(value);
  });
});
