import { failed, type State } from "../../state/index.ts";
import { describeError, failureMessage } from "../failure-message.ts";
import { type EngineContext, logFlow } from "../plan/engine-context.ts";
import type { SeenState } from "../ports.ts";

/** What became of a state that the flow run was to enter. */
export type FlowTransition =
  | { readonly kind: "entered"; readonly state: State }
  | { readonly kind: "queued"; readonly until: number }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "undelivered"; readonly reason: string };

/** Moves the flow run: its state handlers first, then the store; waits while a concurrency limit queues it. */
export async function enterFlowState(context: EngineContext, old: State, next: State): Promise<FlowTransition> {
  const state = await handledFlowState(context, old, next);
  for (;;) {
    const ack = await context.store.setFlowState(state);
    switch (ack.status) {
      case "accepted":
        context.observer.onFlowState?.(state);
        return { kind: "entered", state };
      case "queued": {
        const soon = ack.startTime - context.clock.now() <= context.longestWait;
        if (!soon || context.signal.aborted) return { kind: "queued", until: ack.startTime };
        logFlow(context, "INFO", `The API has queued this run until ${new Date(ack.startTime).toISOString()}.`);
        await context.clock.until(ack.startTime, context.signal);
        // A run that was cancelled meanwhile must not begin because the wait is over.
        if (context.signal.aborted) return { kind: "queued", until: ack.startTime };
        break;
      }
      case "refused":
      case "undelivered":
        logFlow(context, "ERROR", `The flow run's state ${state.type} was ${ack.status}: ${ack.reason}`);
        return { kind: ack.status, reason: ack.reason };
    }
  }
}

async function handledFlowState(context: EngineContext, old: State, next: State): Promise<State> {
  if (!context.plan.graph.hasStateHandlers) return next;
  const outcome = await context.host.call({ fn: "flowStateHandlers", old, new: next });
  if (outcome.kind === "error") {
    return failed(failureMessage("stateHandlers", outcome.error));
  }
  return outcome.state ?? next;
}

/** Lets the flow's terminal-state handler look at the reference tasks and replace the final state (Prefect 1.x). */
export async function terminalState(
  context: EngineContext,
  state: State,
  bring: (seen: readonly SeenState[]) => Promise<string | null>,
): Promise<State> {
  const { graph, reference } = context.plan;
  if (!graph.hasTerminalStateHandler) return state;
  const references = reference
    .flatMap((task) => context.runsOf(task).counted)
    .map((run) => ({
      slug: run.task.spec.slug,
      mapIndex: run.mapIndex,
      key: null,
      state: run.state,
      handle: run.handle,
    }));
  const lost = await bring(references);
  if (lost !== null) return failed(`Failed to retrieve task results for the terminal state handler: ${lost}.`);
  const outcome = await context.host.call({ fn: "terminalStateHandler", state, references });
  if (outcome.kind !== "error") return outcome.state ?? state;
  logFlow(context, "ERROR", `The flow's terminal state handler failed: ${describeError(outcome.error)}`);
  // The sentence is Prefect 1.x's; which handler it was is in the log.
  return failed(failureMessage("terminalHandler", outcome.error));
}
