import { row } from "../define.ts";

/** Errors of reading flags, environment variables and profile files (`src/config/`). */
export const configErrors = {
  ENVIRONMENT_INVALID: row<{
    problems: readonly { variable: string; file: string | null; value: string | null; allowed: string }[];
  }>("usage", ({ problems }) =>
    problems
      .map(({ variable, file, value, allowed }) => {
        const place = file === null ? "Environment variable" : `In the configuration file ${file}`;
        return `${place} ${variable} is ${value === null ? "not valid" : JSON.stringify(value)}. Allowed: ${allowed}.`;
      })
      .join("\n"),
  ),
  CONFIG_FILE_INVALID: row<{ path: string; reason: string }>(
    "usage",
    ({ path, reason }) =>
      `Prefect's configuration file ${path} cannot be used: ${reason}. Mend it, move it away, or name another in PREFECT__USER_CONFIG_PATH.`,
  ),
  FLOW_RUN_ID_MISSING: row(
    "usage",
    () =>
      "There is no flow run to execute: PREFECT__CONTEXT__FLOW_RUN_ID is not set. An agent sets it when it starts this container; to run a flow without an API use `flow-runner run FILE`.",
  ),
  API_ADDRESS_MISSING: row(
    "usage",
    () =>
      "It is not known which API holds the flow run: PREFECT__CLOUD__API is not set. Set it to the API's address, such as http://localhost:4200.",
  ),
  PROFILE_FILE_INVALID: row<{ file: string; reason: string }>(
    "usage",
    ({ file, reason }) =>
      `The profile file ${file} cannot be used: ${reason}. It holds api, key and tenant, at the top or under [profiles.NAME], and optionally profile = "NAME".`,
  ),
  PROFILE_UNKNOWN: row<{ profile: string; file: string; known: readonly string[] }>(
    "usage",
    ({ profile, file, known }) =>
      `There is no profile "${profile}" in ${file}. ${known.length === 0 ? "It has no profiles" : `Its profiles: ${known.join(", ")}`}; add one as [profiles.${profile}] with api = "…" and key = "…".`,
  ),
  PACKAGE_NOT_INSTALLED: row<{ package: string; purpose: string }>(
    "flow",
    ({ package: name, purpose }) =>
      `The package ${name}, which ${purpose} need, is not installed. Install it beside flow-runner (npm install ${name}), or install flow-runner with its optional dependencies.`,
  ),
  OPTION_INVALID: row<{ option: string; value: string; allowed: string }>(
    "usage",
    ({ option, value, allowed }) => `Option ${option} is ${JSON.stringify(value)}. Allowed: ${allowed}.`,
  ),
};
