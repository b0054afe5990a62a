import type { FlowRunInfo } from "../../../cloud/index.ts";
import { resolveParameters } from "../../../engine/index.ts";
import { detailed } from "../../detailed.ts";
import { withConfiguredDefaults } from "../../here/configured-defaults.ts";
import type { Execution } from "../open-execution.ts";
import type { LoadedFlow } from "../place/place.ts";

/** A flow that its host has loaded and that is the one the API knows. */
export interface RegisteredFlow extends LoadedFlow {
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * Has the host load the flow that the run is of, and tells it about the run.
 *
 * @throws FlowRunnerError those of loading, `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`, `PARAMETER_VALUE_INVALID`
 */
export async function loadRegistered(
  { host, load, config, clock }: Pick<Execution, "host" | "load" | "config" | "clock">,
  info: FlowRunInfo,
): Promise<RegisteredFlow> {
  const loaded = await load(info);
  const graph = withConfiguredDefaults(loaded.graph, config);
  const parameters = await detailed(host, graph, {
    flowRunId: info.id,
    flowRunName: info.name,
    parameters: resolveParameters(graph, info.parameters),
    scheduledStart: info.scheduledStartTime ?? clock.now(),
    context: { ...config.context, ...info.context },
    defaultHandler: config.resultHandler,
  });
  return { ...loaded, graph, parameters };
}
