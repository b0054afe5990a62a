import { artifactErrors } from "./authoring/artifact-errors.ts";
import { flowErrors } from "./authoring/flow-errors.ts";
import { registrationErrors } from "./authoring/registration-errors.ts";
import { storageErrors } from "./authoring/storage-errors.ts";
import { testingErrors } from "./authoring/testing-errors.ts";
import { agentErrors } from "./operating/agent-errors.ts";
import { apiErrors } from "./operating/api-errors.ts";
import { cliErrors } from "./operating/cli-errors.ts";
import { configErrors } from "./operating/config-errors.ts";
import { operateErrors } from "./operating/operate-errors.ts";
import { cloudErrors } from "./running/cloud-errors.ts";
import { engineErrors } from "./running/engine-errors.ts";
import { environmentErrors } from "./running/environment-errors.ts";
import { hostErrors } from "./running/host-errors.ts";
import { resultsErrors } from "./running/results-errors.ts";
import { secretsErrors } from "./running/secrets-errors.ts";

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
