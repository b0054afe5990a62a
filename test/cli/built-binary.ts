import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundleInto } from "../../scripts/build/bundle.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The bundled `cli/main.js` of this test run. */
    binary: string;
  }
}

const root = join(import.meta.dirname, "../..");

/** Of this run of the tests: `dist/` in it is the package's. */
export const builtFolder = join(root, "node_modules/.cache", `binary-${process.pid}`);

/**
 * Vitest's global set-up: bundles the sources as the package has them, once, beside the packages that they need. The tests
 * start the binary hundreds of times, and bundled it starts in less than half the time of the sources.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(builtFolder, { recursive: true });
  await copyFile(join(root, "package.json"), join(builtFolder, "package.json"));
  await bundleInto(join(builtFolder, "dist"));
  project.provide("binary", join(builtFolder, "dist/cli/main.js"));
  return () => rm(builtFolder, { recursive: true, force: true });
}
