import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { launchWords } from "../../src/cli/process/launch-command.ts";
import { notHonoured, parseRunnerEnvironment, settingLines } from "../../src/config/index.ts";
import { matches } from "../../src/config/settings/not-honoured.ts";
import type { PrefectVersion } from "../conformance/prefect-venv.ts";
import { askPrefect, describePrefect } from "./real-prefect.ts";

/**
 * The judges: the agents of the real Prefect, which tell by their own code what they would give to a flow run's
 * container.
 */
const launched = z.array(
  z.object({
    agent: z.string(),
    env: z.record(z.string(), z.string()),
    words: z.array(z.string()).nullable(),
  }),
);
type Launched = z.infer<typeof launched>[number];

const given = {
  api: "http://api.test:4200",
  key: `k$HOME~\\n'"\\x41 {}`,
  tenant: "7a6b3f54-0a1b-4c6e-9f0e-0a8e3a1f4c11",
  labels: ["a", `it's "b"`],
  // Ids are UUIDs; nothing says that they stay so.
  flow_run_id: "0012345",
  flow_id: "1e5",
  core_version: "1.4.1",
  env: {},
};

const known = settingLines().flatMap(({ names }) => names);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agents-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the agents of a version of Prefect would start. */
async function launchedBy(version: PrefectVersion, more: Readonly<Record<string, unknown>> = {}) {
  const script = `agents_${version.replaceAll(".", "_")}.py`;
  return launched.parse(await askPrefect(version, script, { ...given, ...more }, { cwd: folder }));
}

/** Prefect's own variables that neither the table of settings nor the one of what has no effect knows. */
const unknown = ({ env }: Launched) =>
  Object.keys(env).filter(
    (name) =>
      name.startsWith("PREFECT__") &&
      !name.startsWith("PREFECT__CONTEXT__") &&
      !known.includes(name) &&
      !notHonoured.some((row) => matches(row.name, name)),
  );

describePrefect("1.4.1")("the agents of Prefect 1.4.1", () => {
  let agents: Launched[];
  beforeAll(async () => {
    agents = await launchedBy("1.4.1", { env: { PREFECT__CONTEXT__DAYS: "[1, ('2',)]", MODE: "fast" } });
  });

  test("are all there", () => {
    expect(agents.map(({ agent }) => agent)).toEqual(["docker", "kubernetes", "ecs", "vertex", "local"]);
  });

  test("start a command that is `execute`, with the image's entry point before it", () => {
    for (const { words } of agents) expect(launchWords(words ?? [])).toEqual(["execute", "flow-run"]);
  });

  test("start flows of before 0.13 by the older command", async () => {
    const older = await launchedBy("1.4.1", { core_version: "0.7.0" });
    for (const { words } of older.filter(({ agent }) => agent !== "local")) {
      expect(launchWords(words ?? [])).toEqual(["execute", "cloud-flow"]);
    }
  });

  test("set nothing that is unknown, and nothing to be told about", () => {
    for (const launch of agents) {
      expect(unknown(launch)).toEqual([]);
      expect(parseRunnerEnvironment(launch.env).ignored).toEqual([]);
    }
  });

  test("are read as they mean it, every character of the key and every id", () => {
    for (const { agent, env } of agents) {
      const config = parseRunnerEnvironment(env);
      expect(config).toMatchObject({
        apiUrl: given.api,
        apiKey: given.key,
        tenantId: given.tenant,
        flowRunId: "0012345",
        useLocalSecrets: false,
        sendLogs: true,
        logLevel: "INFO",
        context: { flow_run_id: "0012345", flow_id: "1e5", days: [1, ["2"]] },
      });
      if (!["local", "vertex"].includes(agent)) expect(config.context.image).toBe("registry:5000/weather:1.10");
    }
  });

  test("without a key set empty variables, which are none", async () => {
    for (const { env } of await launchedBy("1.4.1", { key: "", tenant: "" })) {
      expect(parseRunnerEnvironment(env)).toMatchObject({ apiKey: null, tenantId: null });
    }
  });

  test("pass on what a run config sets", async () => {
    const env = { PREFECT__LOGGING__LEVEL: "debug", PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "False" };
    for (const launch of await launchedBy("1.4.1", { env })) {
      expect(parseRunnerEnvironment(launch.env)).toMatchObject({ logLevel: "DEBUG", sendLogs: false });
    }
  });
});

describePrefect("0.7.0")("the agents of Prefect 0.7.0", () => {
  let agents: Launched[];
  beforeAll(async () => {
    agents = await launchedBy("0.7.0");
  });

  test("are all there", () => {
    expect(agents.map(({ agent }) => agent)).toEqual([
      ...["local", "kubernetes", "fargate", "nomad"],
      "kubernetes_job_environment",
    ]);
  });

  test("start a command that is `execute`, with the image's entry point before it", () => {
    const commands = agents.flatMap(({ words }) => (words === null ? [] : [words]));
    expect(commands).toHaveLength(4);
    for (const words of commands) expect(launchWords(words)).toEqual(["execute", "cloud-flow"]);
  });

  test("set nothing that is unknown, and nothing to be told about", () => {
    for (const launch of agents) {
      expect(unknown(launch)).toEqual([]);
      expect(parseRunnerEnvironment(launch.env).ignored).toEqual([]);
    }
  });

  test("are read as they mean it: the key also where Nomad's agent puts it, the API also by its other variable", () => {
    for (const { env } of agents) {
      expect(parseRunnerEnvironment(env)).toMatchObject({
        apiUrl: given.api,
        apiKey: given.key,
        tenantId: null,
        flowRunId: "0012345",
        useLocalSecrets: false,
        sendLogs: true,
      });
    }
    expect(agents.map(({ env }) => parseRunnerEnvironment(env).logLevel)).toEqual([
      ...["DEBUG", "DEBUG", "DEBUG", "DEBUG"],
      "INFO",
    ]);
  });
});
