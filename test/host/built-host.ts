import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "vitest/config";
import { builtFolder } from "../cli/built-binary.ts";

const source = "/src/host/runner/process/spawn-host.ts";
const named = 'new URL("../../child/main.ts", import.meta.url)';

/**
 * Vite's plugin: a runner inside of a test starts the bundled host, as an installed one does. Of the sources it takes
 * four times the processor time to start, and a run of all tests starts more than a thousand.
 */
export function builtHost(): Plugin {
  const built = pathToFileURL(join(builtFolder, "dist/host/child/main.js"));
  return {
    name: "built-host",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(source)) return undefined;
      if (!code.includes(named)) throw new Error(`${source} no longer names the host by ${named}`);
      return code.replace(named, `new URL(${JSON.stringify(built)})`);
    },
  };
}
