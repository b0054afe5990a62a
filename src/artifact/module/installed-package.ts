import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { z } from "zod";
import { hasCode } from "./error-code.ts";

const packageManifest = z.object({ version: z.string().optional() });

/** Whether a module at `from` (a URL) gets this package at all, whatever it exports. */
export function isInstalled(specifier: string, from: string): boolean {
  return packageFile(specifier, from) !== null;
}

/** The installed version of the package that a module at `from` (a URL) gets; null where there is none. */
export function installedVersion(specifier: string, from: string): string | null {
  const file = packageFile(specifier, from);
  if (file === null) return null;
  return packageManifest.parse(JSON.parse(readFileSync(file, "utf8"))).version ?? null;
}

function packageFile(specifier: string, from: string): string | null {
  try {
    return findPackageJSON(specifier, from) ?? null;
  } catch (error) {
    if (hasCode(error, "ERR_MODULE_NOT_FOUND", "ERR_INVALID_MODULE_SPECIFIER")) return null;
    throw error;
  }
}
