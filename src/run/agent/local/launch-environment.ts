import { environment07 } from "./environment-0.7.ts";
import { environment1x } from "./environment-1x.ts";
import type { LaunchableRun, LaunchSettings, RunSurroundings } from "./launch-settings.ts";

/** The environment of a flow run's process, by the launch contract of the version of Prefect that the API speaks. */
export function launchEnvironment(
  base: NodeJS.ProcessEnv,
  run: LaunchableRun,
  settings: LaunchSettings,
  surroundings: RunSurroundings,
): NodeJS.ProcessEnv {
  const contract = settings.access.dialect === "0.7" ? environment07 : environment1x;
  return contract(base, run, settings, surroundings);
}
