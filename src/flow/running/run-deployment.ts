import { context } from "./context.ts";
import type { DeploymentFlowRun, RunDeploymentOptions } from "./flow-run-control.ts";

/**
 * Starts a run of a deployment of Prefect 3 and waits for its end. As in Prefect (`run_deployment`) a run that has failed
 * is no error: its state says so. Nor is one that is not over within the timeout.
 *
 * @param name `flow/deployment`, or the deployment's id
 * @throws FlowRunnerError `DEPLOYMENT_NOT_FOUND`, `RUN_DEPLOYMENT_INVALID` (an option that is none), `PREFECT3_LACKING`,
 *   `SECRET_IN_VALUE` (in the parameters), and those of the API, which also refuses parameters of another type
 * @example
 * ```ts
 * const { state } = await runDeployment("clean readings/nightly", { parameters: { day }, timeout: "1h" });
 * if (state.type !== "COMPLETED") signals.fail(`${day} was not cleaned: ${state.message}`);
 * ```
 */
export async function runDeployment(name: string, options: RunDeploymentOptions = {}): Promise<DeploymentFlowRun> {
  return context.flowRun.runDeployment(name, options);
}
