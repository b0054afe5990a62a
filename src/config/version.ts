import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { z } from "zod";

const manifest = z.object({ version: z.string() });

/** This package's version, from its own package.json, wherever the package was installed or bundled to. */
export const version: string = readVersion();

function readVersion(): string {
  const file = findPackageJSON(import.meta.url);
  if (file === undefined) throw new Error(`flow-runner has lost its package.json: none lies above ${import.meta.url}`);
  return manifest.parse(JSON.parse(readFileSync(file, "utf8"))).version;
}
