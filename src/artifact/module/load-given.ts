import { FlowRunnerError } from "../../errors/index.ts";
import { whileLoading } from "./loading.ts";
import { type GivenModule, moduleHook } from "./module-hook.ts";
import { useSourceMaps } from "./source-maps.ts";
import { describeThrown } from "./thrown.ts";

/**
 * Runs the module of an artifact.
 *
 * @param path What errors call it.
 * @throws FlowRunnerError `ARTIFACT_MODULE_THREW`, which names the author's file and line; our own errors as they are
 */
export async function loadGiven(path: string, module: GivenModule): Promise<object> {
  useSourceMaps();
  try {
    return await whileLoading(() => moduleHook.load(module));
  } catch (error) {
    if (error instanceof FlowRunnerError) throw error;
    throw new FlowRunnerError("ARTIFACT_MODULE_THREW", { path, ...describeThrown(error) }, { cause: error });
  }
}
