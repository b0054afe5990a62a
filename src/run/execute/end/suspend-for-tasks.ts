import { pausedTasksKey } from "../../../cloud/index.ts";
import type { FlowOutcome } from "../../../engine/index.ts";
import { isRunning, makeState, unwrap } from "../../../state/index.ts";
import type { Execution } from "../open-execution.ts";

/**
 * Where tasks are left Paused (`signals.pause`, the trigger `manual_only`), and nothing else is left to do, the flow run
 * of Prefect 3 is suspended: who resumes it resumes them, in another process. Elsewhere they are resumed one by one.
 */
export async function suspendForTasks(
  { api: { prefect3 }, audience }: Execution,
  flowRunId: string,
  outcome: FlowOutcome,
): Promise<FlowOutcome> {
  if (prefect3 === undefined || outcome.conclusion !== "handedBack" || !isRunning(outcome.state)) return outcome;
  const paused = outcome.runs.flatMap(({ each }) => each).filter(({ state }) => unwrap(state).type === "Paused");
  if (paused.length === 0) return outcome;
  const key = pausedTasksKey(
    paused.map(({ task, mapIndex, state }) => ({ slug: task.spec.slug, mapIndex, state: unwrap(state) })),
  );
  const names = paused.slice(0, 5).map(({ fullName }) => `'${fullName}'`);
  const more = paused.length > names.length ? ` and ${paused.length - names.length} more` : "";
  const message = `Paused: ${names.join(", ")}${more}. Resume the flow run to go on.`;
  const answer = await prefect3.pause(flowRunId, { key, suspend: true, until: null, input: null, message });
  if (answer.kind !== "paused") {
    const reason = answer.kind === "refused" ? answer.reason : "it is paused already.";
    return { ...outcome, message: `${names.join(", ")}${more} cannot be waited for: ${reason}` };
  }
  const state = makeState("Paused", message, { startTime: null });
  audience.all.onFlowState?.(state);
  return { ...outcome, state, message };
}
