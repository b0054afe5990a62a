import type { Ack } from "../engine/index.ts";
import { makeState, mayStandFor, running, type State } from "../state/index.ts";
import type { Api } from "./port/api.ts";
import type { FlowRunInfo } from "./port/flow-run-info.ts";

/**
 * Two containers that start the same run send Running states that look alike. With the sender's own mark in the
 * context, a Running whose answer was lost can be told from one of another container.
 */
const mark = "runner_id";

/** A Running state with the mark of this process; any other state as it is. */
export function claimed(state: State, runnerId: string): State {
  return state.type === "Running" ? { ...state, context: { ...state.context, [mark]: runnerId } } : state;
}

/** The process that a Running state belongs to; null: it is not Running, or its sender (Prefect's own) leaves no mark. */
export function ownerOf(state: State): string | null {
  const owner = state.context[mark];
  return state.type === "Running" && typeof owner === "string" ? owner : null;
}

/**
 * Prefect's Submitted around the state that a run has. Two agents write the same sentence: the mark tells this
 * submission, whose answer may get lost, from another agent's.
 */
export function submitted(held: State, submissionId: string, message: string): State {
  return makeState("Submitted", message, { wrapped: held, context: { [mark]: submissionId } });
}

/** Nobody has said anything of the run since this submission. */
export const isStillSubmitted = (held: State, submissionId: string): boolean =>
  held.type === "Submitted" && held.context[mark] === submissionId;

/**
 * Makes a flow run that is Running already this process's own. The version is the lock: of all that try, one succeeds,
 * and from then on the API refuses what the container before it still sends.
 */
export async function claimFlowRun(
  api: Pick<Api, "submit">,
  { id, version }: Pick<FlowRunInfo, "id" | "version">,
  runnerId: string,
): Promise<Ack> {
  const state = claimed(running("Running flow: taken over from a container that is gone."), runnerId);
  const batch = { flowRunId: id, creations: [], taskStates: [], flowStates: [{ state, version }] };
  const [ack] = (await api.submit(batch)).flowStates;
  if (ack === undefined) throw new TypeError("The API client left an item without an answer");
  return ack;
}

/** Whether the API holds what was sent. An API may drop what its own state classes do not have. */
export function isHeld(sent: State, held: State): boolean {
  return (
    mayStandFor(held.type, sent.type) &&
    sent.message === held.message &&
    sent.context[mark] === held.context[mark] &&
    sent.result?.location === held.result?.location &&
    (sent.startTime ?? null) === (held.startTime ?? null) &&
    sent.runCount === held.runCount &&
    sent.loopCount === held.loopCount &&
    sent.mapCount === held.mapCount
  );
}
