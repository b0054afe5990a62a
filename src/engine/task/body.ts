import { checkpointVerdict } from "../../results/rules/checkpoint-rule.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import type { BodyOutcome, BodyRequest, ValueRef } from "../ports.ts";
import type { Supplier } from "./supply.ts";

/** An outcome after which nothing is missing any more. */
export type Attempt = Exclude<BodyOutcome, { kind: "missing" }>;

/** Runs one attempt of a task's body; what the host lacks is brought to it first. */
export async function runBody(
  context: EngineContext,
  run: TaskRun,
  inputs: Record<string, ValueRef>,
  supplier: Supplier,
): Promise<Attempt> {
  const request = bodyRequest(context, run, inputs);
  for (;;) {
    const outcome = await context.host.run(request);
    if (outcome.kind !== "missing") return outcome;
    const failure = await supplier.supply(outcome.handles);
    if (failure !== null) {
      return { kind: "unwritten", message: `Failed to retrieve task results: ${failure}.`, retryable: true };
    }
  }
}

/** Whether the task run's result is to be persisted; `refuse`: it asks for that and nothing can write it. */
export function checkpointOf({ checkpointing, checkpointRule }: EngineContext, { task: { spec } }: TaskRun) {
  const hasHandler = spec.resultHandler !== null;
  return checkpointVerdict(checkpointRule, { checkpointing, checkpoint: spec.checkpoint, kind: spec.kind, hasHandler });
}

/** What the host needs to know for one attempt. */
export function bodyRequest(context: EngineContext, run: TaskRun, inputs: Record<string, ValueRef>): BodyRequest {
  const { spec } = run.task;
  return {
    slug: spec.slug,
    mapIndex: run.mapIndex,
    taskRunId: run.entry?.id ?? null,
    inputs,
    into: run.handle,
    runCount: run.runCount,
    loopCount: run.loopCount,
    hasLoopResult: run.hasLoopResult,
    resume: run.resume,
    timeout: spec.timeout,
    checkpoint: checkpointOf(context, run) === "write",
    keepInputs: spec.maxRetries > 0 || spec.timeout !== null,
    isolated: spec.isolated || run.suspect,
  };
}
