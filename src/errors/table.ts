import { agentErrors } from "./areas/agent-errors.ts";
import { apiErrors } from "./areas/api-errors.ts";
import { artifactErrors } from "./areas/artifact-errors.ts";
import { cliErrors } from "./areas/cli-errors.ts";
import { cloudErrors } from "./areas/cloud-errors.ts";
import { configErrors } from "./areas/config-errors.ts";
import { engineErrors } from "./areas/engine-errors.ts";
import { environmentErrors } from "./areas/environment-errors.ts";
import { flowErrors } from "./areas/flow-errors.ts";
import { hostErrors } from "./areas/host-errors.ts";
import { operateErrors } from "./areas/operate-errors.ts";
import { registrationErrors } from "./areas/registration-errors.ts";
import { resultsErrors } from "./areas/results-errors.ts";
import { secretsErrors } from "./areas/secrets-errors.ts";
import { storageErrors } from "./areas/storage-errors.ts";
import { testingErrors } from "./areas/testing-errors.ts";

/** Every error this package can raise: code, exit code, message. */
export const errorTable = {
  ...flowErrors,
  ...artifactErrors,
  ...resultsErrors,
  ...secretsErrors,
  ...registrationErrors,
  ...engineErrors,
  ...hostErrors,
  ...environmentErrors,
  ...storageErrors,
  ...cloudErrors,
  ...apiErrors,
  ...configErrors,
  ...cliErrors,
  ...agentErrors,
  ...operateErrors,
  ...testingErrors,
};

export type ErrorTable = typeof errorTable;
export type ErrorCode = keyof ErrorTable;
export type ErrorDetails<Code extends ErrorCode> = Parameters<ErrorTable[Code]["message"]>[0];
