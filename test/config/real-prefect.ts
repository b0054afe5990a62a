import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe } from "vitest";
import { type PrefectVersion, prefectVenv } from "../conformance/prefect-venv.ts";

/** `describe` where that version of Prefect is installed; in CI a missing one fails. */
export const describePrefect = (version: PrefectVersion) => describe.skipIf(prefectVenv(version).skipped);

/** Asks one of the scripts in `fixtures/prefect/`, whose last line of output is JSON. */
export async function askPrefect(
  version: PrefectVersion,
  script: string,
  given: unknown,
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<unknown> {
  const path = join(import.meta.dirname, "fixtures/prefect", script);
  const { stdout } = await promisify(execFile)(prefectVenv(version).python, [path, JSON.stringify(given)], {
    cwd,
    env: { HOME: cwd, PATH: "/usr/bin:/bin", ...env },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
