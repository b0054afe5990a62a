import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { FlowRunnerError } from "../errors/index.ts";
import type { FlowBase } from "../flow/index.ts";
import { type Bundle, bundleSource } from "./bundle/bundle-source.ts";
import { sha256 } from "./format/seal.ts";
import { hasCode } from "./module/error-code.ts";
import { exportedFlows } from "./module/exported-flows.ts";
import { whileLoading } from "./module/loading.ts";
import { moduleHook } from "./module/module-hook.ts";
import { useSourceMaps } from "./module/source-maps.ts";
import { describeThrown } from "./module/thrown.ts";
import { sourceFile } from "./source-file.ts";

/**
 * Imports a flow's module as its author wrote it, TypeScript or JavaScript, and gives the flows that it exports.
 *
 * Node loads it, as `node FILE` would. What Node alone cannot load (enums and parameter properties, tsx, `paths` of
 * tsconfig.json, imports without extensions, types imported without `type`) is bundled in memory first; nothing of the
 * module has run until then. `import.meta.url` is the source's in both cases. Node keeps what it has imported: a file
 * that is changed is seen by the next process.
 *
 * @throws FlowRunnerError `SOURCE_NOT_FOUND`, `SOURCE_THREW`, `SOURCE_NOT_BUNDLED`, `MODULE_WITHOUT_FLOWS`,
 *   `FLOW_NAME_DUPLICATE`; what `flow()` itself refuses keeps its own code
 * @example const { flows } = await loadSource("src/weather.ts");
 */
export async function loadSource(file: string): Promise<{ flows: FlowBase[] }> {
  const path = await sourceFile(resolve(file));
  const module = await load(path);
  const flows = exportedFlows(module);
  if (flows.length > 0) return { flows };
  throw new FlowRunnerError("MODULE_WITHOUT_FLOWS", { file: path, exports: Object.keys(module) });
}

async function load(path: string): Promise<object> {
  try {
    return await whileLoading(() => moduleHook.loadFile(pathToFileURL(path).href));
  } catch (error) {
    if (!needsBundling(error)) throw thrown(path, error);
    return loadBundled(path, error);
  }
}

/** What Node says before it runs anything of a module that a bundler can make sense of. */
function needsBundling(error: unknown): boolean {
  return (
    hasCode(
      error,
      "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
      "ERR_UNKNOWN_FILE_EXTENSION",
      "ERR_MODULE_NOT_FOUND",
      "ERR_UNSUPPORTED_DIR_IMPORT",
      "ERR_PACKAGE_IMPORT_NOT_DEFINED",
      "ERR_IMPORT_ATTRIBUTE_MISSING",
    ) ||
    (error instanceof SyntaxError && error.message.includes("does not provide an export named"))
  );
}

async function loadBundled(path: string, why: unknown): Promise<object> {
  const { text, folders } = await bundle(path, why);
  useSourceMaps();
  const url = `${pathToFileURL(path).href}?bundled=${sha256(text)}`;
  try {
    return await whileLoading(() => moduleHook.load({ url, text, folders }));
  } catch (error) {
    throw thrown(path, error);
  }
}

/** Where no bundler is, what Node said is what there is to say. */
async function bundle(path: string, why: unknown): Promise<Bundle> {
  const sourceName = (source: string, root: string) => pathToFileURL(join(root, source)).href;
  try {
    return await bundleSource(path, { firstLine: "//", sourceName });
  } catch (error) {
    if (error instanceof FlowRunnerError && error.code === "BUNDLER_MISSING") throw thrown(path, why);
    throw error;
  }
}

function thrown(file: string, error: unknown): FlowRunnerError {
  if (error instanceof FlowRunnerError) return error;
  return new FlowRunnerError("SOURCE_THREW", { file, ...describeThrown(error) }, { cause: error });
}
