import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Contender } from "../arena.ts";
import { measure, succeed } from "../measure.ts";

const root = join(import.meta.dirname, "../../..");

/** The API that all contenders talk to. */
export interface Backend {
  readonly url: string;
  readonly tenantId: string;
  /** A folder for artifacts and settings. */
  readonly folder: string;
}

/** What an agent of Prefect 1.4.1 gives a container. */
function agentEnvironment({ url, tenantId, folder }: Backend): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    PREFECT__BACKEND: "cloud",
    PREFECT__CLOUD__API: url,
    PREFECT__CLOUD__API_KEY: "bench",
    PREFECT__CLOUD__TENANT_ID: tenantId,
    PREFECT__CLOUD__AGENT__LABELS: "[]",
    PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
    PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "true",
    PREFECT__LOGGING__LEVEL: "INFO",
    PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
  };
}

export function flowRunner(backend: Backend): Contender {
  const env = agentEnvironment(backend);
  const binary = join(root, "dist/cli/main.js");
  const artifact = join(backend.folder, "mapped.prefect");
  return {
    name: "flow-runner",
    async register() {
      const source = join(root, "scripts/bench-parts/flows/mapped.ts");
      await succeed(process.execPath, [binary, "save", source, "--output", artifact], env);
      const words = ["register", artifact, "--project", "ours", "--create-project"];
      const output = await succeed(process.execPath, [binary, ...words], env);
      // The id has a line of its own, beside what is said to people.
      return /^[0-9a-f-]{36}$/m.exec(output)?.[0] ?? "";
    },
    execute: (id, watchMemory) =>
      measure(process.execPath, [binary, "execute"], { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: id }, watchMemory),
  };
}

/** Prefect's own runner; null where it is not installed. */
export function prefect(backend: Backend): Contender | null {
  const bin = join(root, ".cache/prefect-1.4.1/bin");
  if (!existsSync(join(bin, "prefect"))) {
    console.log("Prefect 1.4.1 is not there to compare with; scripts/ci-setup installs it.");
    return null;
  }
  const env = { ...agentEnvironment(backend), PATH: `${bin}:${process.env.PATH}` };
  return {
    name: "Prefect 1.4.1",
    async register() {
      await succeed(join(bin, "prefect"), ["create", "project", "prefect"], env);
      const script = join(root, "scripts/bench-parts/flows/mapped.py");
      const output = await succeed(join(bin, "python"), [script, join(backend.folder, "flows")], env);
      return /registered:(\S+)/.exec(output)?.[1] ?? "";
    },
    execute: (id, watchMemory) =>
      measure(
        join(bin, "prefect"),
        ["execute", "flow-run"],
        { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: id },
        watchMemory,
      ),
  };
}
