import type { Configuration } from "../prefect/configuration.ts";

/** A setting of Prefect's that has no effect here. */
export interface NotHonoured {
  /** Its variable; with `*` at the end all that begin so. */
  readonly name: string;
  readonly why: string;
  /** Values that say what is so anyway: agents set them, and nobody needs to be told. */
  readonly expected?: RegExp;
  /** Somebody who sets it expects the run to go another way. */
  readonly changesRun?: true;
}

/** All of Prefect 0.7.0 and 1.4.1 that the table of settings has not. */
export const notHonoured: readonly NotHonoured[] = [
  {
    name: "PREFECT__BACKEND",
    why: "The API's address says which API it is.",
    expected: /^(cloud|server)$/,
  },
  {
    name: "PREFECT__BACKEND_CONFIG_PATH",
    why: "As PREFECT__BACKEND, which is all that this file says.",
  },
  { name: "PREFECT__SERVER__*", why: "They set up a server. References to server.endpoint, host and port are known." },
  { name: "PREFECT__CLOUD__ENDPOINT", why: "PREFECT__CLOUD__API is the address, and agents always set it." },
  { name: "PREFECT__CLOUD__DIAGNOSTICS", why: "No request is printed: it could hold secrets." },
  { name: "PREFECT__CLOUD__AGENT__*", why: "Those that are not above are for agents of other kinds.", expected: /^/ },
  {
    name: "PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS",
    why: "A class of Python: the flow runner is flow-runner's own.",
    expected: /^prefect\.engine\.(cloud\.CloudFlowRunner|flow_runner\.FlowRunner)$/,
    changesRun: true,
  },
  {
    name: "PREFECT__ENGINE__TASK_RUNNER__DEFAULT_CLASS",
    why: "A class of Python: the task runner is flow-runner's own.",
    expected: /^prefect\.engine\.(cloud\.CloudTaskRunner|task_runner\.TaskRunner)$/,
    changesRun: true,
  },
  {
    name: "PREFECT__ENGINE__EXECUTOR__DASK__*",
    why: "There is no Dask executor; one that is asked for is refused.",
  },
  {
    name: "PREFECT__FLOWS__RUN_ON_SCHEDULE",
    why: "No run waits for a schedule; the API creates the scheduled runs.",
    expected: /^true$/i,
  },
  { name: "PREFECT__FLOWS__EAGER_EDGE_VALIDATION", why: "Cycles are found whenever a flow is built." },
  { name: "PREFECT__FLOWS__DEFAULTS__STORAGE__*", why: "A flow's storage is chosen where it is registered." },
  {
    name: "PREFECT__LOGGING__FORMAT",
    why: "A format of Python's logging; FLOW_RUNNER__FORMAT chooses between lines for people and JSON.",
  },
  { name: "PREFECT__LOGGING__DATEFMT", why: "As PREFECT__LOGGING__FORMAT; times in JSON are ISO 8601." },
  {
    name: "PREFECT__LOGGING__LOG_ATTRIBUTES",
    why: "A task's log record names its task run; its context is not added.",
    expected: /^\[\]$/,
  },
  { name: "PREFECT__DEBUG", why: "It is for Dask. PREFECT__LOGGING__LEVEL=DEBUG shows more.", expected: /^false$/i },
  {
    name: "EXTRA_PIP_PACKAGES",
    why: "Prefect's image installs them at its start; packages of npm belong in the flow's image.",
    changesRun: true,
  },
];

/** A setting that is set, and has no effect. */
export interface Ignored {
  readonly name: string;
  readonly why: string;
  readonly changesRun: boolean;
}

/** What is set and has no effect, so that a run's log can say it once. Variables that Prefect has not either are no one's. */
export function ignoredSettings(configuration: Configuration): Ignored[] {
  const names = [...configuration.names].sort();
  return notHonoured.flatMap(({ name, why, expected, changesRun = false }) =>
    names
      .filter((set) => matches(name, set) && !honoured.has(set))
      .flatMap((set) => {
        const [found] = configuration.find([set]);
        if (found === undefined || expected?.test(found.text.trim())) return [];
        return [{ name: found.from === "file" ? `${set} (in ${configuration.file.path})` : set, why, changesRun }];
      }),
  );
}

/** The one of `PREFECT__CLOUD__AGENT__*` that a run reads. */
const honoured: ReadonlySet<string> = new Set(["PREFECT__CLOUD__AGENT__AUTH_TOKEN"]);

/** Whether a row of the table speaks of a variable. */
export const matches = (row: string, variable: string): boolean =>
  row.endsWith("*") ? variable.startsWith(row.slice(0, -1)) : row === variable;
