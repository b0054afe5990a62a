import type { BodyRequest } from "../../../../engine/index.ts";
import { FlowRunnerError } from "../../../../errors/index.ts";
import { type AskRun, type DeploymentFlowRun, type FlowRunControl, jsonProblem } from "../../../../flow/index.ts";
import { callNumbers } from "./call-keys.ts";
import { lengthOption } from "./length-option.ts";

/** Starts runs of other deployments for a body. */
export function deploymentRuns(ask: AskRun, request: BodyRequest): FlowRunControl["runDeployment"] {
  const next = callNumbers(request);
  return async (deployment, options) => {
    const refuse = (problem: string): never => {
      throw new FlowRunnerError("RUN_DEPLOYMENT_INVALID", { deployment, problem });
    };
    const { parameters = {}, jobVariables = null, scheduledTime, timeout, pollInterval = "5s" } = options;
    for (const [name, value] of Object.entries({ parameters, jobVariables })) {
      const problem = jsonProblem(value);
      if (problem !== null) refuse(`option ${name} must be JSON, but ${problem}.`);
    }
    const due = scheduledTime?.getTime() ?? Date.now();
    if (Number.isNaN(due)) refuse("option scheduledTime is no valid Date.");
    const question = {
      kind: "runDeployment",
      ...{ deployment, parameters, jobVariables, scheduledTime: due, call: next() },
      tags: [...(options.tags ?? [])],
      idempotencyKey: options.idempotencyKey ?? null,
      workQueue: options.workQueue ?? null,
      flowRunName: options.flowRunName ?? null,
      asSubflow: options.asSubflow ?? true,
      timeout: timeout === undefined ? null : lengthOption("timeout", timeout, refuse),
      pollInterval: lengthOption("pollInterval", pollInterval, refuse),
    } as const;
    return (await ask(question, request.taskRunId)) as DeploymentFlowRun;
  };
}
