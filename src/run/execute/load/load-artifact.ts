import type { FlowRunInfo } from "../../../cloud/index.ts";
import type { RunnerConfig } from "../../../config/index.ts";
import type { ChildHost } from "../../../host/index.ts";
import { hasPast, unwrap } from "../../../state/index.ts";
import type { LoadedFlow } from "../place/place.ts";
import { type ArtifactFile, findArtifact, registeredDigest } from "./artifact-file.ts";
import { runsWith } from "./ran-with.ts";
import { requireSameSlugs } from "./same-slugs.ts";

/** A saved flow that a person has chosen. */
export interface ChosenArtifact {
  readonly file: string;
  /** As the person knows it: the source that it was saved from. */
  readonly name: string;
}

/**
 * Has the host load the artifact that the flow run is of. A run that begins must have what was registered; one that goes on
 * may do so with a mended flow (a new image, `resume --artifact`), where its tasks have the same slugs.
 *
 * @param artifact - what to load in place of the registered one; null: that
 * @throws FlowRunnerError those of loading, `SLUGS_DIFFER`
 */
export async function loadArtifact(
  host: Pick<ChildHost, "load">,
  info: FlowRunInfo,
  config: RunnerConfig,
  artifact: ChosenArtifact | null,
): Promise<LoadedFlow> {
  const { file, name: shown, digest } = await codeOf(info, config, artifact);
  const { taskRuns, reached = [] } = info;
  const goesOn = reached.length > 0 || taskRuns.some(({ state }) => hasPast(unwrap(state)));
  const { applicationFolder, extraLoggers } = config;
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
  const replaced = isOther
    ? `This run goes on with another artifact than it was registered with: ${shown}, sha256 ${described.digest}, in place of ${digest}. ${requireSameSlugs(described.graph, info, shown)}`
    : null;
  const ranWith = described.digest === null ? null : runsWith(described.digest, described.packages);
  return { graph: described.graph, replaced, ranWith, warnings: described.warnings };
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
