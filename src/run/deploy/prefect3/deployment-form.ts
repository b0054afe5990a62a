import type { DeploymentForm, HeldDeployment, WorkPool } from "../../../cloud/index.ts";
import { artifactLabels, type DeployedArtifact } from "../../../cloud/prefect3/index.ts";
import { checkParameters } from "../../../engine/index.ts";
import { deploymentSchedules, type FlowGraph, parameterSchema } from "../../../graph/index.ts";
import { checkScheduledParameters } from "../../register/scheduled-parameters.ts";
import { jobVariables } from "./job-variables.ts";
import type { Prefect3DeployOptions } from "./options.ts";

/** A flow, and what a worker starts for a run of it. */
export interface DeployableFlow {
  readonly graph: FlowGraph;
  readonly artifact: DeployedArtifact;
  readonly image: string | null;
  /** Where the author's packages are found on this machine; null: nobody knows. */
  readonly sourceFolder: string | null;
}

export const deploymentName = ({ slug }: FlowGraph, { name }: Pick<Prefect3DeployOptions, "name">): string =>
  name ?? slug;

/**
 * Refuses a flow that could not be deployed so.
 *
 * @throws FlowRunnerError `PARAMETER_UNKNOWN`, `SCHEDULE_NEEDS_PARAMETERS`, `SCHEDULE_NOT_IN_3`
 */
export function checkDeployable(graph: FlowGraph, options: Prefect3DeployOptions): void {
  const { parameters } = withDefaults(graph, options);
  checkParameters(
    { name: graph.name, parameters: parameters.map((each) => ({ ...each, required: false })) },
    options.parameters ?? {},
  );
  checkScheduledParameters({ ...scheduled(graph, options), parameters });
  deploymentSchedules(scheduled(graph, options), Date.now());
}

/** The deployment of a flow, as the API takes it. */
export function deploymentForm(
  { graph, artifact, image, sourceFolder }: DeployableFlow,
  pool: WorkPool,
  held: HeldDeployment | null,
  flowId: string,
  options: Prefect3DeployOptions,
): DeploymentForm {
  const { onTooMany = "wait", concurrencyLimit = null, workQueue, paused } = options;
  return {
    name: deploymentName(graph, options),
    flow_id: flowId,
    work_pool_name: pool.name,
    ...(workQueue === undefined ? {} : { work_queue_name: workQueue }),
    job_variables: jobVariables(pool, { image, sourceFolder }, options),
    parameters: options.parameters ?? {},
    parameter_openapi_schema: parameterSchema(graph),
    enforce_parameter_schema: options.enforceParameterSchema ?? true,
    schedules: schedules(scheduled(graph, options), held),
    ...(paused === undefined ? {} : { paused }),
    tags: options.tags ?? [],
    labels: artifactLabels(artifact),
    description: options.description ?? null,
    version: options.version ?? artifact.digest.slice(0, 12),
    concurrency_limit: concurrencyLimit,
    concurrency_options:
      concurrencyLimit === null ? null : { collision_strategy: onTooMany === "wait" ? "ENQUEUE" : "CANCEL_NEW" },
  };
}

/** A schedule that somebody has paused stays so: the API makes all anew whenever a deployment is saved. */
function schedules(graph: FlowGraph, held: HeldDeployment | null): DeploymentForm["schedules"] {
  const paused = new Set((held?.schedules ?? []).filter(({ active }) => !active).map(({ slug }) => slug));
  const seen = new Map<string, number>();
  return deploymentSchedules(graph, Date.now()).map((each) => {
    const hash = process.getBuiltinModule("node:crypto").hash("sha256", JSON.stringify(each)).slice(0, 8);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    const slug = count === 1 ? hash : `${hash}-${count}`;
    return { ...each, slug, active: !paused.has(slug) };
  });
}

const scheduled = (graph: FlowGraph, { schedule }: Prefect3DeployOptions): FlowGraph =>
  schedule === undefined ? graph : { ...graph, schedule: schedule?.describe() ?? null };

/** What the deployment gives is not required of a run. */
function withDefaults(graph: FlowGraph, { parameters = {} }: Prefect3DeployOptions): FlowGraph {
  const given = graph.parameters.map((each) => ({
    ...each,
    required: each.required && !Object.hasOwn(parameters, each.name),
  }));
  return { ...graph, parameters: given };
}
