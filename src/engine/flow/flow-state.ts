import { failed, isFailed, type State } from "../../state/index.ts";
import { describeError, failureMessage } from "../failure-message.ts";
import { type EngineContext, logFlow } from "../plan/engine-context.ts";
import type { Ack, SeenState } from "../ports.ts";
import { cancelledByHand } from "./early-end.ts";

/** What became of a state that the flow run was to enter. */
export type FlowTransition =
  | { readonly kind: "entered"; readonly state: State }
  | { readonly kind: "queued"; readonly until: number }
  /** It is not to fail yet: Prefect 3's API has made it this Retrying state, for the flow's own retries. */
  | { readonly kind: "retried"; readonly state: State }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "undelivered"; readonly reason: string };

/**
 * Moves the flow run: its state handlers first, then the store; waits while a concurrency limit queues it. Where the store
 * has another state in its place, it goes on from that one.
 */
export async function enterFlowState(context: EngineContext, old: State, next: State): Promise<FlowTransition> {
  let state = await handledFlowState(context, old, next);
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
        if (ack.current?.type === "Retrying" && isFailed(state)) {
          context.observer.onFlowState?.(ack.current);
          return { kind: "retried", state: ack.current };
        }
        // Prefect 3: a run that was paused for too long has failed by the API's word, whatever is said of it.
        if (ack.current !== null && isFailed(ack.current) && isFailed(state)) {
          context.observer.onFlowState?.(ack.current);
          return { kind: "entered", state: ack.current };
        }
        // Prefect 3: who cancels a run that waits has it Cancelled at once.
        if (ack.current?.type === "Cancelled" && state.type === "Cancelled") return { kind: "entered", state };
        if (ack.current?.type === "Cancelling" && state.type !== "Cancelled") {
          state = cancelledByHand();
          break;
        }
        logRefused(context, state, ack);
        return { kind: "refused", reason: ack.reason };
      case "undelivered":
        logRefused(context, state, ack);
        return { kind: "undelivered", reason: ack.reason };
    }
  }
}

function logRefused(
  context: EngineContext,
  { type }: State,
  { status, reason }: Exclude<Ack, { status: "accepted" | "queued" }>,
): void {
  logFlow(context, "ERROR", `The flow run's state ${type} was ${status}: ${reason}`);
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
