import { type SavedArtifact, saveArtifact } from "../artifact/index.ts";
import type { FlowBase } from "../flow/index.ts";

/**
 * Saves a flow, or the flows that a module exports, as one artifact.
 *
 * @param flow The flow, or the path of the module that exports it.
 * @param output Where to; default `~/.prefect/<slug>.prefect`.
 * @example const { path, digest } = await saveFlow("weather.ts", "build/weather.prefect");
 */
export function saveFlow(flow: FlowBase | string, output?: string): Promise<SavedArtifact> {
  return saveArtifact({ flows: flow, ...(output === undefined ? {} : { output }) });
}
