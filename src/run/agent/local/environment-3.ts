import type { LaunchableRun, LaunchSettings, RunSurroundings } from "./launch-settings.ts";

/**
 * The environment of a flow run's process: the launch contract of Prefect 3's workers. Later ones override: the starting
 * process's own environment, `--env`, the deployment's variables, and what a run cannot do without.
 */
export function environment3(
  base: NodeJS.ProcessEnv,
  { id }: LaunchableRun,
  { access: { apiUrl, apiKey, authString, apiHeaders }, env: added }: LaunchSettings,
  { env: asked }: RunSurroundings,
): NodeJS.ProcessEnv {
  const needed = {
    PREFECT_API_URL: apiUrl,
    // Null: not even what is inherited, such as the password beside a key that a flag gives.
    PREFECT_API_KEY: apiKey,
    PREFECT_API_AUTH_STRING: authString ?? null,
    PREFECT_CLIENT_CUSTOM_HEADERS: apiHeaders == null ? null : JSON.stringify(apiHeaders),
    PREFECT__FLOW_RUN_ID: id,
    // These would be another run's: its id, and the worker that listens to its process.
    PREFECT__CONTEXT__FLOW_RUN_ID: null,
    PREFECT__CONTROL_PORT: null,
    PREFECT__CONTROL_TOKEN: null,
    FLOW_RUNNER__DIALECT: "3",
  };
  const env = Object.entries({ ...base, ...added, ...asked, ...needed });
  return Object.fromEntries(env.flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
}
