import { z } from "zod";
import { isUuid } from "../../../config/uuid.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { slugify } from "../../../graph/index.ts";
import { toWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { DeploymentRun, DeploymentRunRequest, SubflowParent, SubflowsApi } from "../../port/subflows.ts";
import { type RestClient, rejectedWith } from "../client/rest-client.ts";
import { type FlowRunRow, flowRow, flowRunRow } from "../run/flow-run-answers.ts";
import { fetchFlowRun } from "../run/flow-run-info.ts";
import { subflowKey } from "../task-runs/task-run-row.ts";

const deploymentRow = z.object({ id: z.string(), name: z.string(), flow_id: z.string() });

export const subflowsApi = (client: RestClient): SubflowsApi => ({
  startDeployment: (request, options) => startDeployment(client, request, options),
  deploymentRun: async (id, options) => asRun(await fetchFlowRun(client, id, options)),
});

/**
 * Starts a run of a deployment, or finds the one that was started under the same idempotency key. Prefect 3:
 * `run_deployment`.
 *
 * @throws FlowRunnerError `DEPLOYMENT_NOT_FOUND`, and those of `RestClient`
 */
async function startDeployment(
  client: RestClient,
  request: DeploymentRunRequest,
  options?: CallOptions,
): Promise<DeploymentRun> {
  const { parent, name, jobVariables, workQueue } = request;
  const deployment = await deploymentOf(client, request.deployment, options);
  const parentTaskRun = parent === null ? null : await standIn(client, deployment, parent, options);
  const row = await client.send(
    {
      operation: `the run of deployment "${request.deployment}"`,
      method: "POST",
      path: `/deployments/${deployment.id}/create_flow_run`,
      body: {
        parameters: request.parameters,
        state: { type: "SCHEDULED", state_details: { scheduled_time: toWireTime(request.scheduledTime) } },
        idempotency_key: request.idempotencyKey,
        tags: request.tags,
        ...(name === null ? {} : { name }),
        ...(jobVariables === null ? {} : { job_variables: jobVariables }),
        ...(workQueue === null ? {} : { work_queue_name: workQueue }),
        ...(parentTaskRun === null ? {} : { parent_task_run_id: parentTaskRun }),
      },
      shape: flowRunRow,
    },
    options,
  );
  return asRun(row);
}

function asRun({ id, name, flow_id, deployment_id, state }: FlowRunRow): DeploymentRun {
  const type = state?.type ?? "PENDING";
  const told = { type, name: state?.name ?? type, message: state?.message ?? null };
  return { id, name, flowId: flow_id, deploymentId: deployment_id ?? null, state: told };
}

/** A deployment, under the name that it is known by in the run's graph: `flow/deployment`. */
async function deploymentOf(
  client: RestClient,
  target: string,
  options?: CallOptions,
): Promise<{ readonly id: string; readonly title: string }> {
  const place = isUuid(target) ? target : `name/${nameInPath(target)}`;
  const request = { operation: `deployment "${target}"`, method: "GET", path: `/deployments/${place}` } as const;
  try {
    const { id, name, flow_id } = await client.send({ ...request, shape: deploymentRow }, options);
    if (!isUuid(target)) return { id, title: target };
    const asked = { operation: "the deployment's flow", method: "GET", path: `/flows/${flow_id}` } as const;
    const flow = await client.send({ ...asked, shape: flowRow }, options);
    return { id, title: `${flow.name}/${name}` };
  } catch (error) {
    if (rejectedWith(error, 404, 422))
      throw new FlowRunnerError("DEPLOYMENT_NOT_FOUND", { target, api: client.address });
    throw error;
  }
}

/** A flow's name may hold a slash, a deployment's may not. */
function nameInPath(target: string): string {
  const at = target.lastIndexOf("/");
  return [target.slice(0, Math.max(0, at)), target.slice(at + 1)].map(encodeURIComponent).join("/");
}

/**
 * The task run that stands for the other run in this one's graph, below the task that asks: a subflow takes the place of
 * its parent task run there, so that it cannot be the asking one itself. The same for the same call. Prefect 3:
 * `run_deployment` makes it, and the API keeps its state that of the subflow.
 */
async function standIn(
  client: RestClient,
  { title }: { readonly title: string },
  { flowRunId, taskRunId, call }: SubflowParent,
  options?: CallOptions,
): Promise<string> {
  const body = {
    flow_run_id: flowRunId,
    name: title,
    task_key: `${subflowKey}${slugify(title)}`,
    dynamic_key: `${taskRunId}-${call}`,
    task_inputs: { __parents__: [{ input_type: "task_run", id: taskRunId }] },
    state: { type: "PENDING" },
  };
  const request = { operation: "the task run of a subflow", method: "POST", path: "/task_runs/", body } as const;
  return (await client.send({ ...request, shape: z.object({ id: z.string() }) }, options)).id;
}
