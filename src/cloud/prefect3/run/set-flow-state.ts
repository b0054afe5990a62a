import { type Ack, type Clock, systemClock } from "../../../engine/index.ts";
import { pending, type State } from "../../../state/index.ts";
import { fromWire3, toWire3 } from "../../../state/wire/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { HeldState3, Orchestrated } from "./flow-run-answers.ts";
import { alreadyMade, proposeState } from "./propose-state.ts";

/** What became of a flow run's state, and how the API holds it. */
export interface SetFlowState {
  readonly ack: Ack;
  /** What was proposed, as it is held; null: it is not. */
  readonly held: HeldState3 | null;
}

/**
 * Proposes a state for a flow run, and obeys the answer: taken (ACCEPT), another one in its place (REJECT), not yet
 * (WAIT), not at all (ABORT).
 *
 * @param options - `force`: the orchestrator's rules are left aside
 * @param transitionId - the same for the same proposal, however often it is sent
 * @throws FlowRunnerError those of `RestClient`
 */
export async function setFlowState(
  client: RestClient,
  flowRunId: string,
  state: State,
  transitionId: string,
  options: CallOptions & { readonly clock?: Clock; readonly force?: boolean } = {},
): Promise<SetFlowState> {
  const wire = toWire3(state);
  const proposed = {
    operation: `the flow run's state ${wire.name}`,
    state: { ...wire, state_details: { ...wire.state_details, transition_id: transitionId } },
    // Nothing is to keep a run that was cancelled from being told so.
    force: options.force === true || wire.type === "CANCELLED",
  };
  const answer = await proposeState(client, flowRunId, proposed, options);
  const ack = ackOf(answer, flowRunId, options.clock ?? systemClock);
  return { ack, held: ack.status === "accepted" ? (answer.state ?? null) : null };
}

function ackOf({ status, state, details }: Orchestrated, flowRunId: string, clock: Clock): Ack {
  const reason = details.reason ?? `the API answered ${status}`;
  if (status === "ACCEPT" || (status === "REJECT" && alreadyMade.test(reason))) return { status: "accepted" };
  if (status === "WAIT") return { status: "queued", startTime: clock.now() + (details.delay_seconds ?? 1) * 1_000 };
  const current = state == null ? null : fromWire3(state, `flow run ${flowRunId}`);
  return { status: "refused", reason, current: status === "REJECT" ? (current ?? pending(reason)) : current };
}
