import { delimiter } from "node:path";
import type { LaunchableRun, LaunchSettings, RunSurroundings } from "./launch-settings.ts";

/**
 * The environment of a flow run's process: the launch contract of Prefect 1.4.1's local agent, in its order. Later ones
 * override: the agent's own environment, the logging level, PYTHONPATH, `--env`, the run config's, and what a run cannot
 * do without.
 */
export function environment1x(
  base: NodeJS.ProcessEnv,
  { id, flow }: LaunchableRun,
  { access, labels, env: added, sendLogs }: LaunchSettings,
  { env: asked, workingFolder }: RunSurroundings,
): NodeJS.ProcessEnv {
  const { apiUrl, apiKey, tenantId } = access;
  const env: NodeJS.ProcessEnv = {
    ...base,
    PREFECT__LOGGING__LEVEL: base.PREFECT__LOGGING__LEVEL ?? "INFO",
    PYTHONPATH: [workingFolder ?? process.cwd(), base.PYTHONPATH].filter(Boolean).join(delimiter),
    ...added,
    ...asked,
  };
  // A run may turn its logs off, and cannot turn them on where the agent has them off.
  if (!sendLogs) env.PREFECT__CLOUD__SEND_FLOW_RUN_LOGS = "false";
  else env.PREFECT__CLOUD__SEND_FLOW_RUN_LOGS ??= "true";
  return {
    ...env,
    PREFECT__BACKEND: base.PREFECT__BACKEND ?? (apiKey === null ? "server" : "cloud"),
    PREFECT__CLOUD__API: apiUrl,
    ...(apiKey === null ? {} : { PREFECT__CLOUD__API_KEY: apiKey }),
    ...(apiKey === null || tenantId === null ? {} : { PREFECT__CLOUD__TENANT_ID: tenantId }),
    PREFECT__CLOUD__AGENT__LABELS: pythonList(labels),
    PREFECT__CONTEXT__FLOW_RUN_ID: id,
    PREFECT__CONTEXT__FLOW_ID: flow.id,
    PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
    PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS: "prefect.engine.cloud.CloudFlowRunner",
  };
}

/** Prefect writes the labels as Python prints a list: `['gpu', "it's"]`. */
const pythonList = (items: readonly string[]): string => `[${items.map(pythonText).join(", ")}]`;

function pythonText(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\");
  if (escaped.includes("'") && !escaped.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}
