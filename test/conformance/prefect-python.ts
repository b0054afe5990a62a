import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type PrefectVersion, prefectVenv } from "./prefect-venv.ts";

/** Runs a script of `fixtures/` with the real Prefect; JSON goes in and comes out. */
export function askPrefect<Answer>(version: PrefectVersion, script: string, input: unknown): Answer {
  const { stdout, stderr } = spawnSync(prefectVenv(version).python, [join(import.meta.dirname, "fixtures", script)], {
    ...{ input: JSON.stringify(input), encoding: "utf8", maxBuffer: 64 * 1024 * 1024, timeout: 240_000 },
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`Prefect ${version} gave no answer to ${script}:\n${stderr.slice(-3000)}`);
  }
}
