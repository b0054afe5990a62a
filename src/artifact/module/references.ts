import { readFileSync, statSync } from "node:fs";
import { findPackageJSON, isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Manifest, Reference } from "../format/manifest.ts";
import { folderPath, moduleHook } from "./module-hook.ts";

const packageManifest = z.object({ version: z.string().optional() });

/** The package a specifier belongs to: `lodash` of `lodash/fp`, `@scope/name` of `@scope/name/part`. */
export function packageOf(specifier: string): string {
  const [first = "", second = ""] = specifier.split("/");
  return specifier.startsWith("@") ? `${first}/${second}` : first;
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

/**
 * Resolves every reference of an artifact before any of its code runs, so that a missing package stops a run before its
 * first task and not in its last.
 *
 * @param folders URLs of folders, in order.
 * @returns What differs from where the flow was saved without being in the way: packages of another version.
 * @throws FlowRunnerError `ARTIFACT_REFERENCE_MISSING` that names all that are missing
 */
export function checkReferences(path: string, manifest: Manifest, folders: readonly string[]): string[] {
  const warnings = new Set<string>();
  const missing = manifest.references.flatMap((reference) => {
    const problem = unresolved(reference, folders);
    const name = packageOf(reference.specifier);
    const version = manifest.packages[name] ?? null;
    if (problem === null) {
      const warning = otherVersion(reference, version, folders);
      if (warning !== null) warnings.add(warning);
      return [];
    }
    const { specifier, importedBy } = reference;
    return reference.optional ? [] : [{ specifier, package: name, version, importedBy, reason: problem }];
  });
  if (missing.length === 0) return [...warnings];
  throw new FlowRunnerError("ARTIFACT_REFERENCE_MISSING", {
    path,
    references: missing,
    folders: folders.map(folderPath),
  });
}

/** Why a reference cannot be resolved, as the first folder has it; null: it can. */
function unresolved({ specifier, kind }: Reference, folders: readonly string[]): string | null {
  const problems: string[] = [];
  for (const folder of folders) {
    const problem = unresolvedFrom(specifier, kind, folder);
    if (problem === null) return null;
    problems.push(problem);
  }
  // "Not installed" in one folder says less than what is wrong with the package in another.
  return problems.find((problem) => problem !== notInstalled) ?? notInstalled;
}

const notInstalled = "the package is not installed";

function unresolvedFrom(specifier: string, kind: Reference["kind"], folder: string): string | null {
  try {
    const found = moduleHook.resolve(specifier, kind, folder);
    if (isBuiltin(found)) return null;
    const path = found.startsWith("file:") ? fileURLToPath(found) : found;
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? null : `there is no file ${path}`;
  } catch (error) {
    if (packageFile(specifier, folder) === null) return notInstalled;
    if (error instanceof Error && "code" in error) return firstLine(error.message);
    throw error;
  }
}

function otherVersion({ specifier }: Reference, version: string | null, folders: readonly string[]): string | null {
  const here = folders.map((folder) => installedVersion(specifier, folder)).find((found) => found !== null);
  if (version === null || here === undefined || here === version) return null;
  return `Package ${packageOf(specifier)} is ${here} here; the flow was saved with ${version}.`;
}

const firstLine = (text: string) => text.split("\n", 1)[0] ?? "";

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}
