import { launchEnvironment } from "../local/launch-environment.ts";
import type { LaunchableRun, LaunchSettings } from "../local/launch-settings.ts";

/** The agent's own variables that its runs get; the rest of its environment is this machine's. */
const passedOn = /^PREFECT__(LOGGING__LEVEL|BACKEND)$/;

/**
 * The environment of a flow run's container: the launch contract of Prefect's Docker agent. In a container `localhost` is
 * the container itself, and an API on this machine has another name there.
 */
export function containerEnvironment(
  run: LaunchableRun,
  image: string,
  settings: LaunchSettings & { readonly environment: NodeJS.ProcessEnv; readonly network: string | null },
  asked: Readonly<Record<string, string>>,
): Record<string, string> {
  const { access, network } = settings;
  const own = Object.fromEntries(Object.entries(settings.environment).filter(([name]) => passedOn.test(name)));
  const apiUrl = network === "host" ? access.apiUrl : fromContainer(access.apiUrl);
  const reached = { ...settings, access: { ...access, apiUrl } };
  const { PYTHONPATH: _path, ...env } = launchEnvironment(own, run, reached, { env: asked, workingFolder: null });
  const given = Object.entries({ ...env, PREFECT__CONTEXT__IMAGE: image });
  return Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function fromContainer(apiUrl: string): string {
  const url = new URL(apiUrl);
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) return apiUrl;
  url.hostname = "host.docker.internal";
  return url.href.replace(/\/$/, "");
}
