import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killGroup } from "../../prefect-3/server.ts";
import { type PrefectVersion, prefectVenv } from "../prefect-venv.ts";

/** What a process of Prefect's ended with; both streams are in the output. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** One real Prefect, with its own client, runner, agent and commands. `scripts/ci-setup` makes its venv. */
export interface RealPrefect {
  /** It is not there, and need not be: in CI its tests fail instead. */
  readonly skipped: boolean;
  /** Runs a program of the venv in a home of its own, with this environment only. */
  readonly run: (program: string, args: readonly string[], env: Readonly<Record<string, string>>) => Promise<Ended>;
}

export function realPrefect(version: PrefectVersion): RealPrefect {
  const { folder, skipped } = prefectVenv(version);
  return { skipped, run: (program, args, env) => run(folder, program, args, env) };
}

function run(venv: string, program: string, args: readonly string[], more: Readonly<Record<string, string>>) {
  const home = mkdtempSync(join(tmpdir(), "prefect-home-"));
  // click refuses to run under Python 3.7 without a locale of Unicode.
  const base = { HOME: home, PATH: `${join(venv, "bin")}:/usr/bin:/bin`, LC_ALL: "C.UTF-8", LANG: "C.UTF-8" };
  return new Promise<Ended>((resolve, reject) => {
    const child = spawn(join(venv, "bin", program), args, {
      ...{ cwd: home, env: { ...base, ...more }, stdio: ["ignore", "pipe", "pipe"], detached: true },
    });
    let output = "";
    // What does not end is ended, with what it has started, and what it has said is seen.
    const limit = setTimeout(() => {
      output += "\nit has not ended";
      if (child.pid !== undefined) killGroup(child.pid);
    }, 270_000);
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ code, output });
    });
  }).finally(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));
}

/** The JSON that a script printed after a mark; the whole output where there is none, to be seen in the failure. */
export const toldBy = ({ output }: Ended): unknown => {
  const line = output.split("\n").findLast((each) => each.startsWith("told:"));
  return line === undefined ? output : JSON.parse(line.slice("told:".length));
};

/** What an agent of Prefect 1.x gives a container, less what says where the API is. */
export const launched = {
  ...{ PREFECT__CLOUD__USE_LOCAL_SECRETS: "false", PREFECT__CLOUD__SEND_FLOW_RUN_LOGS: "true" },
  ...{ PREFECT__CLOUD__AGENT__LABELS: "[]", PREFECT__LOGGING__LEVEL: "DEBUG" },
  PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
};

/** A folder for what outlives a process, such as stored flows. */
export function newFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "prefect-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
