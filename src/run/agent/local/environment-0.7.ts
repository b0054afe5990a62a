import type { LaunchableRun, LaunchSettings, RunSurroundings } from "./launch-settings.ts";

/**
 * The environment of a flow run's process: the launch contract of Prefect 0.7.0's local agent, which gives it to a
 * container, over the agent's own environment, `--env` and the run config's.
 */
export function environment07(
  base: NodeJS.ProcessEnv,
  { id }: LaunchableRun,
  { access: { apiUrl, apiKey }, env: added, sendLogs }: LaunchSettings,
  { env: asked }: RunSurroundings,
): NodeJS.ProcessEnv {
  return {
    PREFECT__LOGGING__LEVEL: "DEBUG",
    ...base,
    ...added,
    ...asked,
    PREFECT__CLOUD__API: apiUrl,
    ...(apiKey === null ? {} : { PREFECT__CLOUD__AUTH_TOKEN: apiKey }),
    PREFECT__CONTEXT__FLOW_RUN_ID: id,
    PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
    PREFECT__LOGGING__LOG_TO_CLOUD: String(sendLogs),
    PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
    PREFECT__ENGINE__TASK_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudTaskRunner",
    // What it inherits may look like 1.x, and a token may be missing.
    FLOW_RUNNER__DIALECT: "0.7",
  };
}
