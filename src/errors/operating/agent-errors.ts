import { row } from "../define.ts";

/** Why an agent cannot start a flow run (`src/run/agent/`); the sentence becomes the message of the Failed run. */
export const agentErrors = {
  STORAGE_NOT_LOCAL: row<{ flow: string; storage: string }>(
    "flow",
    ({ flow, storage }) =>
      `The flow "${flow}" is stored as ${storage}, and this agent runs artifacts on its own machine (storage Local) only. Let an agent take it that runs ${storage}, and keep the two apart by labels.`,
  ),
  STORAGE_NOT_DOCKER: row<{ flow: string; storage: string }>(
    "flow",
    ({ flow, storage }) =>
      `The flow "${flow}" is stored as ${storage}, and this agent starts images (storage Docker) only. Let an agent without --docker take it, and keep the two apart by labels.`,
  ),
  RUN_CONFIG_UNSUPPORTED: row<{ type: string; supported: string }>(
    "flow",
    ({ type, supported }) =>
      `The flow run has a run config of the type ${type}, and this agent takes ${supported}. Register the flow with one of these, or let another agent take it.`,
  ),
  RUN_CONFIG_UNREADABLE: row<{ reason: string }>(
    "flow",
    ({ reason }) => `The flow run's run config cannot be read: ${reason}. Register the flow again.`,
  ),
  WORKING_FOLDER_MISSING: row<{ folder: string }>(
    "flow",
    ({ folder }) =>
      `The flow run is to be run in ${folder}, which is no folder on this agent's machine. Make it, or change working_dir in the run config.`,
  ),
  PROCESS_NOT_STARTED: row<{ reason: string }>(
    "failed",
    ({ reason }) => `The process of the flow run could not be started: ${reason}.`,
  ),
  TOKEN_SCOPE_WRONG: row<{ scope: string; url: string }>(
    "api",
    ({ scope, url }) =>
      `The token has the scope ${scope} at ${url}, and an agent needs one of the scope RUNNER. Make one there, and set PREFECT__CLOUD__AGENT__AUTH_TOKEN.`,
  ),
  AGENT_ADDRESS_INVALID: row<{ address: string; reason: string }>(
    "usage",
    ({ address, reason }) =>
      `The agent cannot listen at "${address}": ${reason}. Write it as http://127.0.0.1:8080, with a port that is free.`,
  ),
};
