import type { State } from "../state/index.ts";

/**
 * Two containers that start the same run send Running states that look alike. With the sender's own mark in the
 * context, a Running whose answer was lost can be told from one of another container.
 */
const mark = "runner_id";

/** A Running state with the mark of this process; any other state as it is. */
export function claimed(state: State, runnerId: string): State {
  return state.type === "Running" ? { ...state, context: { ...state.context, [mark]: runnerId } } : state;
}

/** Whether the API holds what was sent. An API may drop what its own state classes do not have. */
export function isHeld(sent: State, held: State): boolean {
  return (
    sent.type === held.type &&
    sent.message === held.message &&
    sent.context[mark] === held.context[mark] &&
    sent.result?.location === held.result?.location &&
    (sent.startTime ?? null) === (held.startTime ?? null) &&
    sent.runCount === held.runCount &&
    sent.loopCount === held.loopCount &&
    sent.mapCount === held.mapCount
  );
}
