import { apiErrors } from "./api-errors.ts";
import { artifactErrors } from "./artifact-errors.ts";
import { cliErrors } from "./cli-errors.ts";
import { cloudErrors } from "./cloud-errors.ts";
import { configErrors } from "./config-errors.ts";
import { engineErrors } from "./engine-errors.ts";
import { environmentErrors } from "./environment-errors.ts";
import { flowErrors } from "./flow-errors.ts";
import { hostErrors } from "./host-errors.ts";
import { resultsErrors } from "./results-errors.ts";
import { secretsErrors } from "./secrets-errors.ts";

/** Every error this package can raise: code, exit code, message. */
export const errorTable = {
  ...flowErrors,
  ...artifactErrors,
  ...resultsErrors,
  ...secretsErrors,
  ...engineErrors,
  ...hostErrors,
  ...environmentErrors,
  ...cloudErrors,
  ...apiErrors,
  ...configErrors,
  ...cliErrors,
};

export type ErrorTable = typeof errorTable;
export type ErrorCode = keyof ErrorTable;
export type ErrorDetails<Code extends ErrorCode> = Parameters<ErrorTable[Code]["message"]>[0];
