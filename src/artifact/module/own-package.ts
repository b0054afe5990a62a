import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";

/** What flows import: the name of this package. */
const packageName = "flow-runner";

const ownManifest = z.object({
  exports: z.record(z.string(), z.union([z.string(), z.object({ default: z.string() })])),
});

/** Whether a specifier means this package: `flow-runner`, `flow-runner/testing`. */
export function isOwnPackage(specifier: string): boolean {
  return specifier === packageName || specifier.startsWith(`${packageName}/`);
}

/**
 * The module of this very copy that a specifier means, as a URL; null where this copy exports none of that name. Found
 * by the package's own `exports`, in the sources when they are what runs.
 */
export function ownModule(specifier: string): string | null {
  const file = findPackageJSON(import.meta.url);
  if (file === undefined) throw new Error(`flow-runner has lost its package.json: none lies above ${import.meta.url}`);
  const { exports } = ownManifest.parse(JSON.parse(readFileSync(file, "utf8")));
  const entry = exports[`.${specifier.slice(packageName.length)}`];
  if (entry === undefined) return null;
  const built = typeof entry === "string" ? entry : entry.default;
  const path = import.meta.url.endsWith(".ts") ? built.replace("./dist/", "./src/").replace(/\.js$/, ".ts") : built;
  return new URL(path, pathToFileURL(`${dirname(file)}/`)).href;
}
