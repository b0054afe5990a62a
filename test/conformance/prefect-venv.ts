import { existsSync } from "node:fs";
import { join } from "node:path";

export type PrefectVersion = "0.7.0" | "1.4.1";

/** Where a real Prefect is installed, to be asked. */
export interface PrefectVenv {
  /** `bin/` in it has Prefect's own commands beside Python. */
  readonly folder: string;
  readonly python: string;
  /** It is not there, and need not be: in CI what asks it fails instead. */
  readonly skipped: boolean;
}

/** The venv that `scripts/ci-setup` makes. One that is not there is said once a test file. */
export function prefectVenv(version: PrefectVersion): PrefectVenv {
  const folder = join(import.meta.dirname, `../../.cache/prefect-${version}`);
  const python = join(folder, "bin/python");
  const skipped = !existsSync(python) && process.env.CI !== "true";
  if (skipped) console.warn(`Prefect ${version} is not asked: there is no ${folder}; scripts/ci-setup makes it.`);
  return { folder, python, skipped };
}
