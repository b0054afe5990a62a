import { row } from "../define.ts";

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** Errors of registering a flow (`src/run/register/`, `src/graph/registration/`). */
export const registrationErrors = {
  REGISTRATION_NOT_IN_07: row<{ flow: string; what: string }>(
    "usage",
    ({ flow, what }) =>
      `Flow "${flow}" cannot be registered with an API of Prefect 0.7, which does not know ${what}. Leave it out, or register with an API of Prefect 1.x.`,
  ),
  SCHEDULE_NEEDS_PARAMETERS: row<{ flow: string; parameters: readonly string[] }>(
    "usage",
    ({ flow, parameters }) =>
      `Flows with required parameters can not be scheduled automatically: the schedule of "${flow}" gives no value for ${list(parameters)}. Give the parameter a default, or each clock one in parameterDefaults.`,
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
