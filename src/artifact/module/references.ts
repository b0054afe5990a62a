import { statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Manifest, Reference } from "../format/manifest.ts";
import { type Folders, folderPaths, folderWith } from "./folders.ts";
import { installedVersion, isInstalled } from "./installed-package.ts";
import { moduleHook } from "./module-hook.ts";
import { packageOf } from "./specifier.ts";

/**
 * Resolves every reference of an artifact before any of its code runs, so that a missing package stops a run before its
 * first task and not in its last.
 *
 * @param folders URLs of folders, in order.
 * @returns The versions of its packages that are here, and what differs from where the flow was saved without being in the
 *   way: packages of another version.
 * @throws FlowRunnerError `ARTIFACT_REFERENCE_MISSING` that names all that are missing
 */
export function checkReferences(
  path: string,
  manifest: Manifest,
  folders: Folders,
): { readonly packages: Readonly<Record<string, string>>; readonly warnings: readonly string[] } {
  const checked = manifest.references.map((reference) => check(reference, manifest.packages, folders));
  const missing = checked.flatMap(({ missing }) => missing ?? []);
  if (missing.length === 0)
    return {
      packages: Object.fromEntries(checked.flatMap(({ installed }) => (installed === undefined ? [] : [installed]))),
      warnings: [...new Set(checked.flatMap(({ warning }) => warning ?? []))],
    };
  throw new FlowRunnerError("ARTIFACT_REFERENCE_MISSING", {
    path,
    references: missing,
    folders: folderPaths(folders),
  });
}

interface Checked {
  readonly missing?: Omit<Reference, "kind" | "optional"> & {
    readonly package: string;
    readonly version: string | null;
    readonly reason: string;
  };
  /** The package and its version here. */
  readonly installed?: readonly [name: string, version: string];
  readonly warning?: string;
}

function check(reference: Reference, packages: Manifest["packages"], folders: Folders): Checked {
  const { specifier, importedBy, optional } = reference;
  const name = packageOf(specifier);
  const version = packages[name] ?? null;
  const folder = folderWith(specifier, folders);
  const reason = unresolved(reference, folder);
  if (reason !== null) return optional ? {} : { missing: { specifier, package: name, version, importedBy, reason } };

  const here = installedVersion(specifier, folder);
  if (here === null) return {};
  const installed = [name, here] as const;
  if (version === null || here === version) return { installed };
  return { installed, warning: `Package ${name} is ${here} here; the flow was saved with ${version}.` };
}

/** Why a reference cannot be resolved; null: it can. */
function unresolved({ specifier, kind }: Reference, folder: string): string | null {
  if (!isInstalled(specifier, folder)) return "the package is not installed";
  try {
    const found = moduleHook.resolve(specifier, kind, folder);
    if (isBuiltin(found)) return null;
    const path = found.startsWith("file:") ? fileURLToPath(found) : found;
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? null : `there is no file ${path}`;
  } catch (error) {
    // Node's own sentence: the package does not export this part, or its package.json is broken.
    if (error instanceof Error && "code" in error) return error.message.split("\n", 1)[0] ?? error.message;
    throw error;
  }
}

/** Node's words for a package that is there, and does not export what is imported from it. */
const missingName = [
  /requested module '(?<specifier>[^']+)' does not provide an export named '(?<name>[^']+)'/,
  /Named export '(?<name>[^']+)' not found\. The requested module '(?<specifier>[^']+)'/,
];

/**
 * What a failed load is when a package lacks an export: as good as a missing package, and mended alike. Node finds it
 * when it links the modules, before any of them runs. Null when the failure is another one.
 */
export function missingExport(path: string, { references, packages }: Manifest, folders: Folders, error: unknown) {
  const cause = error instanceof FlowRunnerError && error.cause instanceof SyntaxError ? error.cause.message : "";
  const { specifier, name } = missingName.map((words) => words.exec(cause)?.groups).find((groups) => groups) ?? {};
  const reference = references.find((each) => each.specifier === specifier);
  if (reference === undefined) return null;
  const wanted = packageOf(reference.specifier);
  const here = installedVersion(reference.specifier, folderWith(reference.specifier, folders)) ?? "that is here";
  return new FlowRunnerError("ARTIFACT_REFERENCE_MISSING", {
    path,
    references: [
      {
        specifier: reference.specifier,
        package: wanted,
        version: packages[wanted] ?? null,
        importedBy: reference.importedBy,
        reason: `the version ${here} does not export "${name}"`,
      },
    ],
    folders: folderPaths(folders),
  });
}
