/** Variables that hold what the flow's code must not have: the API's keys, and secrets put into the run's context. */
const withheld =
  /^(PREFECT__CLOUD__(AGENT__)?(API_KEY|AUTH_TOKEN)|PREFECT_API_KEY|PREFECT_API_AUTH_STRING|PREFECT_CLIENT_CUSTOM_HEADERS|PREFECT__CONTROL_(PORT|TOKEN)|PREFECT__CONTEXT__SECRETS__.*|FLOW_RUNNER__.*KEY)$/i;

/** Whether the flow's code never sees a variable of this name, whoever sets it. */
export const isWithheld = (name: string): boolean => withheld.test(name);

/** The environment of a host: the container's own, without the API's keys and the secrets. */
export const hostEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => partition(env).open;

/** What of the container's environment the flow's code must not have, such as it is set. */
export const withheldVariables = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => partition(env).withheld;

function partition(env: NodeJS.ProcessEnv): { open: NodeJS.ProcessEnv; withheld: NodeJS.ProcessEnv } {
  const { open = [], withheld: kept = [] } = Object.groupBy(Object.entries(env), ([name]) =>
    isWithheld(name) ? "withheld" : "open",
  );
  return { open: Object.fromEntries(open), withheld: Object.fromEntries(kept) };
}
