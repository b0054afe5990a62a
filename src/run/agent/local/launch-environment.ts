import { environment07 } from "./environment-0.7.ts";
import { environment1x } from "./environment-1x.ts";
import { environment3 } from "./environment-3.ts";
import type { LaunchableRun, LaunchSettings, RunSurroundings } from "./launch-settings.ts";

const contracts = { "0.7": environment07, "1.x": environment1x, "3": environment3 } as const;

/** The environment of a flow run's process, by the launch contract of the version of Prefect that the API speaks. */
export function launchEnvironment(
  base: NodeJS.ProcessEnv,
  run: LaunchableRun,
  settings: LaunchSettings,
  surroundings: RunSurroundings,
): NodeJS.ProcessEnv {
  return contracts[settings.access.dialect](base, run, settings, surroundings);
}
