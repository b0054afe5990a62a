import type { z } from "zod";
import type { Duration } from "../duration.ts";

/** What a body can do with its flow run; for the test of a body, which puts its own in their place. */
export interface FlowRunControl {
  /** See `pauseFlowRun`. */
  pause(options: PauseOptions): Promise<unknown>;
  /** See `suspendFlowRun`. */
  suspend(options: SuspendOptions): Promise<unknown>;
  /** See `runDeployment`. */
  runDeployment(name: string, options: RunDeploymentOptions): Promise<DeploymentFlowRun>;
}

/** How a flow run waits for somebody. */
export interface SuspendOptions {
  /**
   * What who resumes the run is asked for, as a zod schema: the pages of Prefect 3 make a form of it, and the API lets
   * nobody resume the run with anything else. A schema that is not one of an object is asked for under `value`.
   */
  readonly schema?: z.ZodType;
  /** Markdown, which the pages show above the form. */
  readonly description?: string;
  /** After it the run cannot be resumed any more and is Failed. Default: an hour for a pause; a suspension has no end. */
  readonly timeout?: Duration;
  /**
   * The run waits once under a key: a body that runs again, with a retry or in another process, goes past the call with
   * the answer from before. Default: one of this call of this task run, by the order of the calls.
   */
  readonly key?: string;
}

export interface PauseOptions extends SuspendOptions {
  /** Time between two questions whether it is resumed, beside what the API tells by itself. Default: `"10s"`. */
  readonly pollInterval?: Duration;
}

export interface RunDeploymentOptions {
  /** By name; they go over the deployment's own. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** How long its end is waited for; 0: not at all. Default: until it has come. */
  readonly timeout?: Duration;
  /** Time between two questions whether it is over. Default: `"5s"`. */
  readonly pollInterval?: Duration;
  readonly tags?: readonly string[];
  /**
   * The API makes one run for a key. Default: one of this call of this task run, so that a retry goes on with the run
   * that was started before, unless that has come to a bad end.
   */
  readonly idempotencyKey?: string;
  /** Over the deployment's own, as `{ "env.REGION": "eu" }`. */
  readonly jobVariables?: Readonly<Record<string, unknown>>;
  /** Default: the deployment's own. */
  readonly workQueue?: string;
  /** Default: now. */
  readonly scheduledTime?: Date;
  /** Default: the API makes one up. */
  readonly flowRunName?: string;
  /** Default: true, it is in this run's graph below this task, and cancelled with it. */
  readonly asSubflow?: boolean;
}

/** A run of a deployment, as it stood when it was last looked at. */
export interface DeploymentFlowRun {
  readonly id: string;
  readonly name: string;
  readonly flowId: string;
  readonly deploymentId: string | null;
  readonly state: {
    /** `COMPLETED`, `FAILED`, `CRASHED` and `CANCELLED` are ends. */
    readonly type: string;
    /** More exactly: `TimedOut`, `AwaitingRetry`. */
    readonly name: string;
    readonly message: string | null;
  };
}
