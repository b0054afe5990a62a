import { row } from "../define.ts";

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** Errors of registering a flow (`src/run/register/`, `src/graph/registration/`). */
export const registrationErrors = {
  REGISTRATION_NOT_IN_07: row<{ flow: string; what: string }>(
    "usage",
    ({ flow, what }) =>
      `Flow "${flow}" cannot be registered with an API of Prefect 0.7, which does not know ${what}. Leave it out, or register with an API of Prefect 1.x.`,
  ),
  SCHEDULE_NOT_IN_3: row<{ flow: string; cron: string; bound: "startDate" | "endDate" }>(
    "usage",
    ({ flow, cron, bound }) =>
      `The cron clock "${cron}" of "${flow}" has the option ${bound}, which Prefect 3 does not know for cron texts. Leave it out, or use an IntervalClock or a DatesClock, which may have one.`,
  ),
  SCHEDULE_NEEDS_PARAMETERS: row<{ flow: string; parameters: readonly string[] }>(
    "usage",
    ({ flow, parameters }) =>
      `Flows with required parameters can not be scheduled automatically: the schedule of "${flow}" gives no value for ${list(parameters)}. Give the parameter a default, or each clock one in parameterDefaults.`,
  ),
  WORK_POOL_NOT_FOUND: row<{
    name: string;
    api: string;
    pools: readonly { readonly name: string; readonly type: string }[];
  }>("usage", ({ name, api, pools }) => {
    const there = pools.map((pool) => `"${pool.name}" (${pool.type})`).join(", ");
    const named = there === "" ? "Say" : `There are ${there}. Name one of these, or say`;
    return `There is no work pool "${name}" at ${api}. ${named} of which type it is to be made: --create-pool process (docker, kubernetes), in code createPool.`;
  }),
  WORK_POOL_TYPE_UNKNOWN: row<{ type: string; known: readonly string[] }>(
    "usage",
    ({ type, known }) => `There is no type of work pools "${type}". The API knows ${known.join(", ")}.`,
  ),
  WORK_POOL_NEEDS_IMAGE: row<{ name: string; type: string }>(
    "usage",
    ({ name, type }) =>
      `The workers of "${name}" (${type}) start containers, which do not see a folder of this machine. Leave the folder out, so that an image is built, or deploy to a pool of type process.`,
  ),
  WORK_POOL_NEEDS_FOLDER: row<{ name: string }>(
    "usage",
    ({ name }) =>
      `The workers of "${name}" (process) start a command on their own machine, and no image. Deploy into a folder of it (--directory, in code new Local), or to a pool of type docker.`,
  ),
  RUN_CONFIG_INVALID: row<{ reason: string }>(
    "usage",
    ({ reason }) =>
      `The run config cannot be used: ${reason}. Give one of Prefect's as JSON, such as {"type": "DockerRun", "env": {"NAME": "value"}}.`,
  ),
  VARIABLE_OPTION_INVALID: row<{ option: string }>(
    "usage",
    ({ option }) => `Option --env ${JSON.stringify(option)} cannot be used: NAME=VALUE is expected.`,
  ),
};
