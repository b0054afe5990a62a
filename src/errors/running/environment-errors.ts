import { row } from "../define.ts";

/** Errors of environments and executors (`src/environments/`, `src/executors/`). */
export const environmentErrors = {
  EXECUTOR_UNKNOWN: row<{ executor: string }>(
    "usage",
    ({ executor }) =>
      `The environment names the executor "${executor}", which nobody knows. There are LocalExecutor and SynchronousExecutor.`,
  ),
  EXECUTOR_NOT_THERE_YET: row<{ executor: string }>(
    "usage",
    ({ executor }) =>
      `The executor "${executor}" is not there yet in flow-runner. There are LocalExecutor and SynchronousExecutor; name one of them in the environment, or in PREFECT__ENGINE__EXECUTOR__DEFAULT_CLASS.`,
  ),
  EXECUTOR_OPTION: row<{ executor: string; option: string; given: string }>(
    "usage",
    ({ executor, option, given }) =>
      `${executor} does not take ${option} = ${given}. Its one option is concurrency: how many tasks may run at once, a whole number from 1.`,
  ),
  ENVIRONMENT_STEP_FAILED: row<{ environment: string; step: string; reason: string }>(
    "flow",
    ({ environment, step, reason }) => `${step} of the flow's ${environment} failed: ${reason}`,
  ),
  ENVIRONMENT_RAN_TWICE: row<{ environment: string }>(
    "flow",
    ({ environment }) =>
      `${environment} has called runFlow() twice; one flow run is run once. Call it once and use what it resolves with.`,
  ),
  ENVIRONMENT_NOT_THERE_YET: row<{ environment: string }>(
    "usage",
    ({ environment }) =>
      `The environment "${environment}" is not there yet in flow-runner. There are LocalEnvironment, RemoteEnvironment and custom ones (class X extends Environment).`,
  ),
};
