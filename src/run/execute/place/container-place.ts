import type { RunnerConfig } from "../../../config/index.ts";
import { systemClock } from "../../../engine/index.ts";
import { ChildHost, type SpawnedHost } from "../../../host/index.ts";
import { type ChosenArtifact, loadArtifact } from "../load/load-artifact.ts";
import type { Place } from "./place.ts";

export interface ContainerOptions {
  /** A host that boots already; left out: one is started. */
  readonly host?: SpawnedHost | undefined;
  /** What is loaded in place of the registered flow. */
  readonly artifact?: ChosenArtifact | undefined;
  /** What the flow's code sees of the environment; default: this process's own. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** A container: the machine's time, and the flow's code in a process of its own. */
export function containerPlace(config: RunnerConfig, { host: first, artifact, env }: ContainerOptions): Place {
  return {
    clock: systemClock,
    besideClock: systemClock,
    openHost: (ports) => {
      const host = new ChildHost({ first, env: env ?? process.env, ...ports });
      return { host, load: (info) => loadArtifact(host, info, config, artifact ?? null) };
    },
  };
}
