import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";

/** The real Prefect 3 that `scripts/ci-setup` installs: `bin/prefect` and `bin/python` are in it. */
export const prefect3Folder = join(import.meta.dirname, "../../.cache/prefect-3");
export const prefect3Python = join(prefect3Folder, "bin/python");

/**
 * For the environment of every process of that Prefect. In a home that is new to it Prefect starts a thread for its
 * analytics, which imports one half of Prefect while the process imports the other: now and then both wait for ever.
 */
export const prefect3Env = { PATH: process.env.PATH, DO_NOT_TRACK: "1" };

/** A suite that needs the real Prefect 3. Where it is not installed the suite is skipped and says so; in CI it fails. */
export function describeWithPrefect3(title: string, body: () => void): void {
  const missing = !existsSync(join(prefect3Folder, "empty.db"));
  if (missing && process.env.CI !== "true") {
    console.warn(`skipped: ${title}: Prefect 3 is not installed (scripts/ci-setup)`);
  }
  describe.skipIf(missing && process.env.CI !== "true")(title, body);
}
