import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export type PrefectVersion = "0.7.0" | "1.4.1";

const pythonOf = (version: PrefectVersion): string =>
  join(import.meta.dirname, `../../.cache/prefect-${version}/bin/python`);

/** Whether tests that ask this version are left out; in CI they fail. */
export function isSkipped(version: PrefectVersion): boolean {
  const python = pythonOf(version);
  const skipped = !existsSync(python) && process.env.CI !== "true";
  if (skipped) console.warn(`Prefect ${version} is not asked: there is no ${python}; scripts/ci-setup makes it.`);
  return skipped;
}

/** Runs a script of `fixtures/` with the real Prefect; JSON goes in and comes out. */
export function askPrefect<Answer>(version: PrefectVersion, script: string, input: unknown): Answer {
  const { stdout, stderr } = spawnSync(pythonOf(version), [join(import.meta.dirname, "fixtures", script)], {
    ...{ input: JSON.stringify(input), encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`Prefect ${version} gave no answer to ${script}:\n${stderr.slice(-3000)}`);
  }
}
