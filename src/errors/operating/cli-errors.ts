import { row } from "../define.ts";

/** Errors of the binary's own flags and files (`src/cli/`). */
export const cliErrors = {
  NODE_TOO_OLD: row<{ version: string; least: number }>(
    "usage",
    ({ version, least }) =>
      `flow-runner needs Node ${least} or newer, and this is Node ${version}. Install a newer one.`,
  ),
  PARAMETER_OPTION_INVALID: row<{ flag: string; option: string; reason: string }>(
    "usage",
    ({ flag, option, reason }) => `Option ${flag} ${JSON.stringify(option)} cannot be used: ${reason}.`,
  ),
  PARAMETER_FILE_INVALID: row<{ file: string; reason: string }>(
    "usage",
    ({ file, reason }) =>
      `The parameter file ${file === "-" ? "on standard input" : file} cannot be used: ${reason}. It has to hold one JSON object, such as {"days": ["2012-01-01"]}.`,
  ),
  DEPLOY_TARGET_MISSING: row(
    "usage",
    () =>
      "Say where the flows are deployed to: --project NAME for an API of Prefect 0.7 or 1.x, --work-pool NAME for a Prefect 3 server.",
  ),
  DEPLOY_OPTION_NOT_IN_3: row<{ option: string }>(
    "usage",
    ({ option }) => `Prefect 3 does not know ${option}: leave it out where there is a --work-pool.`,
  ),
  DEPLOY_OPTION_NEEDS_IMAGE: row<{ option: string }>(
    "usage",
    ({ option }) => `${option} is about an image, and with --directory none is made: leave one of the two out.`,
  ),
  JOB_VARIABLE_INVALID: row<{ option: string }>(
    "usage",
    ({ option }) =>
      `Option --job-variable ${JSON.stringify(option)} cannot be used: NAME=VALUE is expected, as in --job-variable mem_limit=1g.`,
  ),
  SYSTEM_REFUSED: row<{ what: string; reason: string }>("failed", ({ what, reason }) => `${what}: ${reason}.`),
  IMAGE_REFERENCE_INVALID: row<{ image: string }>(
    "usage",
    ({ image }) => `${JSON.stringify(image)} is no image reference. Write it as registry:5000/name:tag or name:tag.`,
  ),
  PROJECT_NOT_FOUND: row<{ project: string; api: string }>(
    "usage",
    ({ project, api }) =>
      `The API at ${api} has no project "${project}". Add --create-project (createProject: true) to make it.`,
  ),
  REGISTERED_FLOW_NOT_FOUND: row<{ flow: string; project: string | null; api: string; meant: string | undefined }>(
    "usage",
    ({ flow, project, api, meant }) =>
      `The API at ${api} has no flow "${flow}"${project === null ? "" : ` in project "${project}"`}.${meant === undefined ? "" : ` Did you mean "${meant}"?`} Register it with: flow-runner register FILE --project ${project ?? "NAME"}.`,
  ),
  DEPLOYMENT_NOT_FOUND: row<{ target: string; api: string; meant?: string | undefined }>(
    "usage",
    ({ target, api, meant }) =>
      `The API at ${api} has no deployment "${target}".${meant === undefined ? "" : ` Did you mean "${meant}"?`} Name it as flow/deployment, or deploy it with: flow-runner deploy FILE --work-pool NAME.`,
  ),
  SECRET_VALUE_EMPTY: row<{ name: string }>(
    "usage",
    ({ name }) =>
      `No value for the secret ${name} came on standard input. Pipe it in: printf %s "$VALUE" | flow-runner secrets set ${name}.`,
  ),
  SECRET_UNKNOWN: row<{ name: string; api: string }>(
    "usage",
    ({ name, api }) => `The API at ${api} has no secret "${name}". Names are listed by: flow-runner secrets list.`,
  ),
  RUN_UNDELIVERED: row<{ flowRunId: string; states: number; files: readonly string[]; reason: string | null }>(
    "undelivered",
    ({ flowRunId, states, files, reason }) =>
      [
        `The API does not hold the true state of flow run ${flowRunId}: ${states === 1 ? "1 state" : `${states} states`} could not be delivered${reason === null ? "" : ` (${reason})`}.`,
        files.length === 0
          ? "Start the flow run again when the API is back."
          : `They are kept. When the API is back, send them: flow-runner deliver ${files.join(" ")}`,
      ]
        .filter(Boolean)
        .join(" "),
  ),
};
