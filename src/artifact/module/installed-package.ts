import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { z } from "zod";

const packageManifest = z.object({ version: z.string().optional() });

/** The package a specifier belongs to: `lodash` of `lodash/fp`, `@scope/name` of `@scope/name/part`. */
export function packageOf(specifier: string): string {
  const [first = "", second = ""] = specifier.split("/");
  return specifier.startsWith("@") ? `${first}/${second}` : first;
}

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

/**
 * The folder, of several, that a package is taken from: the first that has it, else the first. What a package exports
 * plays no part, so that all parts of it come from one folder.
 */
export function folderWith(specifier: string, folders: readonly [string, ...string[]]): string {
  return folders.find((folder) => isInstalled(specifier, folder)) ?? folders[0];
}

function packageFile(specifier: string, from: string): string | null {
  try {
    return findPackageJSON(specifier, from) ?? null;
  } catch (error) {
    if (hasCode(error, "ERR_MODULE_NOT_FOUND", "ERR_INVALID_MODULE_SPECIFIER")) return null;
    throw error;
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}
