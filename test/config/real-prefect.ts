import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe } from "vitest";

export type PrefectVersion = "0.7.0" | "1.4.1";

/** `scripts/ci-setup` makes the venvs of the real Prefect. */
const python = (version: PrefectVersion) => join(import.meta.dirname, `../../.cache/prefect-${version}/bin/python`);

/** `describe` where that version of Prefect is installed; in CI a missing one fails. */
export function describePrefect(version: PrefectVersion) {
  const skipped = !existsSync(python(version)) && process.env.CI !== "true";
  if (skipped) console.warn(`Prefect ${version} is not asked: scripts/ci-setup makes its venv.`);
  return describe.skipIf(skipped);
}

/** Asks one of the scripts in `fixtures/prefect/`, whose last line of output is JSON. */
export async function askPrefect(
  version: PrefectVersion,
  script: string,
  given: unknown,
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<unknown> {
  const path = join(import.meta.dirname, "fixtures/prefect", script);
  const { stdout } = await promisify(execFile)(python(version), [path, JSON.stringify(given)], {
    cwd,
    env: { HOME: cwd, PATH: "/usr/bin:/bin", ...env },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
