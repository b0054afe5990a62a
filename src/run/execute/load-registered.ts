import type { FlowRunInfo } from "../../cloud/index.ts";
import type { RunnerConfig } from "../../config/index.ts";
import { resolveParameters } from "../../engine/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import type { ChildHost } from "../../host/index.ts";
import { withConfiguredDefaults } from "../here/configured-defaults.ts";
import { findArtifact } from "./artifact-file.ts";

/** A flow that its host has loaded and that is the one the API knows. */
export interface RegisteredFlow {
  readonly graph: FlowGraph;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * Has the host load the artifact that the flow run is of, and tells it about the run.
 *
 * @throws FlowRunnerError those of loading, `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`
 */
export async function loadRegistered(
  host: ChildHost,
  info: FlowRunInfo,
  config: RunnerConfig,
): Promise<RegisteredFlow> {
  const { file, digest } = await findArtifact(info.flow.name, info.flow.storage, config.prefectFolder);
  const { applicationFolder, extraLoggers, resultHandler: defaultHandler } = config;
  const { name } = info.flow;
  const described = await host.load({
    file,
    source: false,
    digest,
    flow: name,
    applicationFolder,
    extraLoggers: [...extraLoggers],
  });
  const graph = withConfiguredDefaults(described.graph, config);
  const parameters = resolveParameters(graph, info.parameters);
  host.detail({
    flowRunId: info.id,
    flowRunName: info.name,
    parameters,
    scheduledStart: info.scheduledStartTime ?? Date.now(),
    context: { ...config.context, ...info.context },
    defaultHandler,
  });
  return { graph, parameters };
}
