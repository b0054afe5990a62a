import type { RunConfig } from "./serialized-flow.ts";

interface LabelSources {
  readonly given: readonly string[] | null;
  readonly givenRunConfig: RunConfig | null;
  readonly group: readonly string[] | null;
  readonly groupRunConfig: RunConfig | null;
  readonly flowRunConfig: RunConfig | null;
  readonly flowEnvironment: RunConfig | null;
}

/** Prefect 1.x: the first source that is there decides, even when it has no labels. */
export function runLabels(sources: LabelSources): string[] {
  const { given, givenRunConfig, group, groupRunConfig, flowRunConfig, flowEnvironment } = sources;
  const labels =
    given ??
    (givenRunConfig === null ? null : (givenRunConfig.labels ?? [])) ??
    group ??
    (groupRunConfig === null ? null : (groupRunConfig.labels ?? [])) ??
    (flowRunConfig === null ? null : (flowRunConfig.labels ?? [])) ??
    flowEnvironment?.labels ??
    [];
  return [...labels].sort();
}

/** Prefect 1.x: an agent takes runs whose labels it all has; an agent with labels takes no run without. */
export function agentTakes(agentLabels: readonly string[], ofRun: readonly string[]): boolean {
  if (ofRun.length === 0) return agentLabels.length === 0;
  return ofRun.every((label) => agentLabels.includes(label));
}
