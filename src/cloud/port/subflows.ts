import type { CallOptions } from "./call.ts";

/** A run of another deployment, as a task asks for it. */
export interface DeploymentRunRequest {
  /** `flow/deployment`, or the deployment's id. */
  readonly deployment: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** When it is due, epoch milliseconds. */
  readonly scheduledTime: number;
  readonly idempotencyKey: string;
  /** Null: the API makes one up. */
  readonly name: string | null;
  readonly tags: readonly string[];
  readonly jobVariables: Readonly<Record<string, unknown>> | null;
  /** Null: the deployment's own. */
  readonly workQueue: string | null;
  /** Whose subflow it is; null: nobody's. */
  readonly parent: SubflowParent | null;
}

export interface SubflowParent {
  readonly flowRunId: string;
  /** The task run whose body asks. */
  readonly taskRunId: string;
  /** Which of its calls it is: the same for the same call, however often the body runs. */
  readonly call: string;
}

/** A run of a deployment, as it stands. */
export interface DeploymentRun {
  readonly id: string;
  readonly name: string;
  readonly flowId: string;
  readonly deploymentId: string | null;
  readonly state: DeploymentRunState;
}

export interface DeploymentRunState {
  /** `COMPLETED`, `FAILED`, `CANCELLED`, `CRASHED`, `SCHEDULED`, `PENDING`, `RUNNING`, `PAUSED`, `CANCELLING`. */
  readonly type: string;
  /** More exactly: `TimedOut`, `AwaitingRetry`. */
  readonly name: string;
  readonly message: string | null;
}

/** The part of the client port that runs other deployments; errors as of `Api`. */
export interface SubflowsApi {
  /** Starts a run of a deployment, or finds the one of that idempotency key. @throws `DEPLOYMENT_NOT_FOUND` too */
  startDeployment(request: DeploymentRunRequest, options?: CallOptions): Promise<DeploymentRun>;
  /** @throws `FLOW_RUN_NOT_FOUND` too */
  deploymentRun(flowRunId: string, options?: CallOptions): Promise<DeploymentRun>;
}
