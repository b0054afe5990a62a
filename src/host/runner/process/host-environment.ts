/** Variables that hold what the flow's code must not have: the API's keys, and secrets put into the run's context. */
const withheld =
  /^(PREFECT__CLOUD__(AGENT__)?(API_KEY|AUTH_TOKEN)|PREFECT_API_KEY|PREFECT_API_AUTH_STRING|PREFECT__CONTEXT__SECRETS__.*|FLOW_RUNNER__.*KEY)$/i;

/** The environment of a host: the container's own, without the API's keys and the secrets. */
export function hostEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.test(name)));
}
