import type { FlowRunInfo } from "../../cloud/index.ts";
import type { RunnerConfig } from "../../config/index.ts";
import { resolveParameters } from "../../engine/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import type { ChildHost } from "../../host/index.ts";
import { hasPast, unwrap } from "../../state/index.ts";
import { detailed } from "../detailed.ts";
import { withConfiguredDefaults } from "../here/configured-defaults.ts";
import { type ArtifactFile, findArtifact, registeredDigest } from "./artifact-file.ts";
import type { ChosenArtifact } from "./open-execution.ts";
import { requireSameSlugs } from "./same-slugs.ts";

/** A flow that its host has loaded and that is the one the API knows. */
export interface RegisteredFlow {
  readonly graph: FlowGraph;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The run goes on with other code than it was registered with: which; null: with that. */
  readonly replaced: string | null;
}

/**
 * Has the host load the artifact that the flow run is of, and tells it about the run. A run that begins must have what
 * was registered; one that goes on may do so with a mended flow (a new image, `resume --artifact`), where its tasks have
 * the same slugs.
 *
 * @param artifact - what to load in place of the registered one; null: that
 * @throws FlowRunnerError those of loading, `SLUGS_DIFFER`, `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`,
 *   `PARAMETER_VALUE_INVALID`
 */
export async function loadRegistered(
  host: ChildHost,
  info: FlowRunInfo,
  config: RunnerConfig,
  artifact: ChosenArtifact | null,
): Promise<RegisteredFlow> {
  const { file, name: shown, digest } = await codeOf(info, config, artifact);
  const goesOn = info.taskRuns.some(({ state }) => hasPast(unwrap(state)));
  const { applicationFolder, extraLoggers, resultHandler: defaultHandler } = config;
  const { name } = info.flow;
  const described = await host.load({
    file,
    source: false,
    digest: goesOn || artifact !== null ? null : digest,
    flow: name,
    applicationFolder,
    extraLoggers: [...extraLoggers],
  });
  const isOther = digest !== null && described.digest !== digest;
  if (isOther)
    requireSameSlugs(described.graph, { run: info.name, file: shown, slugs: info.taskRuns.map(({ slug }) => slug) });
  const graph = withConfiguredDefaults(described.graph, config);
  const details = {
    flowRunId: info.id,
    flowRunName: info.name,
    parameters: resolveParameters(graph, info.parameters),
    scheduledStart: info.scheduledStartTime ?? Date.now(),
    context: { ...config.context, ...info.context },
    defaultHandler,
  };
  const parameters = await detailed(host, graph, details);
  const replaced = isOther
    ? `This run goes on with another artifact than it was registered with: ${shown}, sha256 ${described.digest}, in place of ${digest}. Its tasks have the same slugs.`
    : null;
  return { graph, parameters, replaced };
}

/** The file, and the digest that was registered. */
async function codeOf(
  { flow }: FlowRunInfo,
  config: RunnerConfig,
  artifact: ChosenArtifact | null,
): Promise<ArtifactFile & { readonly name: string }> {
  if (artifact !== null) return { ...artifact, digest: registeredDigest(flow.name, flow.storage) };
  const found = await findArtifact(flow.name, flow.storage, config.prefectFolder);
  return { ...found, name: found.file };
}
