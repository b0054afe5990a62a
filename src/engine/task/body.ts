import { checkpointVerdict } from "../../results/rules/checkpoint-rule.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import type { BodyOutcome, BodyRequest, Handle, ValueRef } from "../ports.ts";
import { neverPersisted, type Supplier } from "./supply.ts";

/** An outcome after which nothing is missing any more. */
export type Attempt = Exclude<BodyOutcome, { kind: "missing" }>;

/** How often a host may say that it lacks what was brought to it. */
const mostRounds = 3;

/** Runs one attempt of a task's body; what the host lacks is brought to it first. */
export async function runBody(
  context: EngineContext,
  run: TaskRun,
  inputs: Record<string, ValueRef>,
  supplier: Supplier,
): Promise<Attempt> {
  for (let rounds = 0; ; rounds += 1) {
    const outcome = await context.host.run(bodyRequest(context, run, inputs));
    if (outcome.kind !== "missing") return outcome;
    const failure =
      rounds === mostRounds
        ? `an input of ${run.fullName} was brought to its host and is missing again`
        : await bring(run, outcome.handles, supplier);
    // What was to be made again may only have been stopped.
    if (failure !== null && context.signal.aborted) return { kind: "cancelled" };
    if (failure !== null) {
      return { kind: "unwritten", message: `Failed to retrieve task results: ${failure}.`, retryable: true };
    }
  }
}

/** Resolves with null, or with why a value is not to be had. Its own handle is that of its loop's last iteration. */
async function bring(run: TaskRun, handles: readonly Handle[], supplier: Supplier): Promise<string | null> {
  const failure = await supplier.supply(handles.filter((handle) => handle !== run.handle));
  if (failure !== null || !handles.includes(run.handle)) return failure;
  if (run.loopResult !== null) return supplier.read(run, run.loopResult);
  if (run.task.spec.onMissingResult !== "rerun") return neverPersisted(run);
  Object.assign(run, { loopCount: 1, hasLoopResult: false });
  return null;
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
