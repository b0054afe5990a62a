import type { DeploymentSchedule, ParameterSchema } from "../../../graph/index.ts";

/**
 * What flow-runner asks of an API of Prefect 3 to deploy flows and to start runs of them.
 *
 * Errors as of `Api`: `API_UNREACHABLE`, `API_UNAUTHORIZED`, `API_REJECTED`, `API_ANSWER_MALFORMED`.
 */
export interface Deployments {
  /** The API's address, for messages. */
  readonly address: string;
  /** Null: there is none of that name. */
  workPool(name: string): Promise<WorkPool | null>;
  workPools(): Promise<readonly WorkPool[]>;
  /**
   * Makes a work pool, with the job template that its type has in this server.
   *
   * @throws FlowRunnerError `WORK_POOL_TYPE_UNKNOWN` too
   */
  createWorkPool(pool: WorkPool): Promise<void>;
  /** The id of the flow of that name, which is made when there is none. */
  flowId(name: string): Promise<string>;
  /** Null: there is none of that name. */
  deployment(flow: string, name: string): Promise<HeldDeployment | null>;
  /** Of all of them, as `flow/deployment`. */
  deploymentTitles(): Promise<readonly string[]>;
  /** Null: there is none with that id. */
  deploymentById(id: string): Promise<HeldDeployment | null>;
  /** Creates it, or puts it in the place of the flow's deployment of that name. Resolves with its id. */
  saveDeployment(deployment: DeploymentForm): Promise<string>;
  /** Resolves with the flow run's id. */
  createFlowRun(deploymentId: string, run: DeployedRun): Promise<string>;
  close(): void;
}

export interface WorkPool {
  readonly name: string;
  /** `process`, `docker`, `kubernetes`, … */
  readonly type: string;
}

/** What an API holds of a deployment. */
export interface HeldDeployment {
  readonly id: string;
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[];
  readonly schedules: readonly { readonly slug: string | null; readonly active: boolean }[];
}

/** A deployment as the API takes it. */
export interface DeploymentForm {
  readonly name: string;
  readonly flow_id: string;
  readonly work_pool_name: string;
  readonly work_queue_name?: string;
  readonly job_variables: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly parameter_openapi_schema: ParameterSchema;
  readonly enforce_parameter_schema: boolean;
  readonly schedules: readonly (DeploymentSchedule & { readonly slug: string })[];
  /** Left out: as it is. */
  readonly paused?: boolean;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string | null;
  readonly version: string;
  readonly concurrency_limit: number | null;
  readonly concurrency_options: { readonly collision_strategy: "ENQUEUE" | "CANCEL_NEW" } | null;
}

export interface DeployedRun {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly idempotency_key: string;
}
