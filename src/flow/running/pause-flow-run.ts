import type { z } from "zod";
import { context } from "./context.ts";
import type { PauseOptions, SuspendOptions } from "./flow-run-control.ts";

type Asking<Options, Schema> = Options & { readonly schema: Schema };

/**
 * Pauses the flow run until somebody resumes it: in the pages, by `prefect flow-run resume`, or through the API. The
 * process waits. Tasks that run already go on, no other one starts, and the time counts for the task's own `timeout`. For
 * flows with an API of Prefect 3 (`pause_flow_run`).
 *
 * Resolves with what the run was resumed with, read by the schema; without a schema with nothing.
 *
 * @throws FlowRunnerError `PAUSE_TIMED_OUT`, and the run is Failed once its other tasks are over; `PAUSE_REFUSED`, the
 *   API does not let it pause; `PAUSE_INVALID`, an option that is none, or input that the schema refuses (the run was
 *   resumed without any); `PREFECT3_LACKING`
 * @example
 * ```ts
 * const approve = task("approve", async ({ rows }: { rows: number }) => {
 *   const { limit } = await pauseFlowRun({
 *     schema: z.object({ limit: z.int().default(100), by: z.string() }),
 *     description: `**${rows}** rows. Publish them?`,
 *     timeout: "8h",
 *   });
 *   return limit;
 * });
 * ```
 */
export function pauseFlowRun<Schema extends z.ZodType>(
  options: Asking<PauseOptions, Schema>,
): Promise<z.output<Schema>>;
export function pauseFlowRun(options?: PauseOptions & { readonly schema?: undefined }): Promise<void>;
export async function pauseFlowRun(options: PauseOptions = {}): Promise<unknown> {
  return context.flowRun.pause(options);
}

/**
 * Suspends the flow run until somebody resumes it: its process ends (once the tasks that run already are over), and a
 * worker starts another one when it is resumed. For waits that are too long for a container to stand by. The run needs a
 * deployment, and cannot be another one's subflow. Prefect 3: `suspend_flow_run`.
 *
 * The call never returns in the process that ends. In the other one the task's body runs again **from its beginning**, and
 * the call resolves with what the run was resumed with. Of the rest of the run only what was persisted is still there:
 * task runs with a result handler keep their results; those without one run again.
 *
 * @throws FlowRunnerError as `pauseFlowRun`; `PAUSE_REFUSED` also for a run without a deployment, and for a subflow
 * @example
 * ```ts
 * const { by } = await suspendFlowRun({ schema: z.object({ by: z.string() }) });
 * ```
 */
export function suspendFlowRun<Schema extends z.ZodType>(
  options: Asking<SuspendOptions, Schema>,
): Promise<z.output<Schema>>;
export function suspendFlowRun(options?: SuspendOptions & { readonly schema?: undefined }): Promise<void>;
export async function suspendFlowRun(options: SuspendOptions = {}): Promise<unknown> {
  return context.flowRun.suspend(options);
}
