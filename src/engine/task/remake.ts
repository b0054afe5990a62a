import { running } from "../../state/index.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import { upstreamOf } from "../plan/upstream.ts";
import { runBody } from "./body.ts";
import { concludeBody } from "./outcome.ts";
import type { Supplier } from "./supply.ts";
import { transition } from "./transition.ts";

/**
 * Runs a finished task once more for its value; its states are told as for any attempt. Resolves with null, or with why
 * there is no value.
 */
export async function remake(context: EngineContext, run: TaskRun, supplier: Supplier): Promise<string | null> {
  const { inputs } = upstreamOf(run, context.runsOf);
  if (run.task.spec.kind !== "task") {
    const attempt = await runBody(context, run, inputs(), supplier);
    return attempt.kind === "success" ? null : `${run.fullName} could not be made again (${attempt.kind})`;
  }
  const moved = await transition(context, run, running("Running again: its result is needed and was never persisted."));
  if (moved.kind !== "entered") return `${run.fullName} could not be run again: the API refused it`;
  const attempt = await runBody(context, run, inputs(), supplier);
  if (attempt.kind === "cancelled" || attempt.kind === "lost") return `${run.fullName} was stopped while it ran again`;
  const { state } = concludeBody(attempt, run.loopCount, run.runCount, context.clock.now());
  const ended = await transition(context, run, state);
  return ended.kind === "entered" && attempt.kind === "success"
    ? null
    : `${run.fullName} ran again and ended ${state.type}: ${state.message}`;
}
