import { isFailed, isSuccessful, retrying, running } from "../../state/index.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import { TaskRun } from "../plan/task-run.ts";
import { upstreamOf } from "../plan/upstream.ts";
import type { ValueRef } from "../ports.ts";
import { runBody } from "./body.ts";
import { aboutToRetry, comingBack } from "./entry-state.ts";
import { concludeBody } from "./outcome.ts";
import type { Supplier } from "./supply.ts";
import { transition } from "./transition.ts";

/**
 * Runs a finished task once more for its value, with its retries and the iterations of its loop; its states are told as
 * for any attempt. Resolves with null, or with why there is no value.
 */
export async function remake(context: EngineContext, run: TaskRun, supplier: Supplier): Promise<string | null> {
  const inputs = upstreamOf(run, context.runsOf).inputs();
  if (run.task.spec.kind !== "task") {
    const attempt = await runBody(context, run, inputs, supplier);
    return attempt.kind === "success" ? null : `${run.fullName} could not be made again (${attempt.kind})`;
  }
  // The task run itself stays finished meanwhile: others that come after it look at it and would give up.
  const again = new TaskRun(run.task, run.mapIndex, run.handle);
  Object.assign(again, { entry: run.entry, state: run.state });
  const failure = await runAgain(context, again, inputs, supplier);
  if (isSuccessful(again.state) || isFailed(again.state)) run.state = again.state;
  context.runsOf(run.task).invalidate();
  return failure;
}

async function runAgain(
  context: EngineContext,
  run: TaskRun,
  inputs: Record<string, ValueRef>,
  supplier: Supplier,
): Promise<string | null> {
  const { maxRetries, retryDelay } = run.task.spec;
  const refused = `${run.fullName} could not be run again: the API refused it`;
  const stopped = `${run.fullName} was stopped while it ran again`;
  for (;;) {
    const start = running("Running again: its result is needed and was never persisted.");
    const begun = await transition(context, run, comingBack(run, start));
    if (begun.kind !== "entered") return refused;
    const attempt = await runBody(context, run, inputs, supplier);
    if (attempt.kind === "cancelled" || attempt.kind === "lost") return stopped;
    const { state, retryable } = concludeBody(attempt, run.loopCount, run.runCount, context.clock.now());
    const retries = isFailed(state) && retryable && run.runCount <= maxRetries && retryDelay <= context.longestWait;
    const ended = await transition(context, run, retries ? aboutToRetry(run, state) : state);
    if (ended.kind !== "entered") return refused;
    if (attempt.kind === "success" && isSuccessful(ended.state)) return null;
    if (attempt.kind === "loop" && ended.state.type === "Looped") {
      Object.assign(run, { loopCount: run.loopCount + 1, loopResult: ended.state.result, hasLoopResult: true });
    } else if (retries && isFailed(ended.state)) {
      const due = context.clock.now() + retryDelay;
      const waiting = await transition(context, run, comingBack(run, retrying(run.runCount, maxRetries, due)));
      if (waiting.kind !== "entered") return refused;
      await context.clock.until(due, context.signal);
      if (context.signal.aborted) return stopped;
      run.runCount += 1;
    } else return `${run.fullName} ran again and ended ${ended.state.type}: ${ended.state.message}`;
  }
}
