import { isFinished, type StateType } from "../../../../state/index.ts";
import type { StateTime } from "../../../live/view.ts";
import { durationText } from "../../parts/duration.ts";

/** A part of a task run's time. */
export interface Segment {
  /** What became of an attempt; of all else the state itself. */
  readonly state: StateType;
  readonly kind: "attempt" | "wait" | "moment";
  readonly from: number;
  readonly to: number;
}

/**
 * A task run's attempts, the waits after the first of them, and an end that is none of an attempt: Cached, Skipped, a wait
 * that was cancelled. Between a state that was final and the next one, when a run is resumed, there is nothing.
 */
export function segmentsOf(states: readonly StateTime[], now: number): Segment[] {
  const segments: Segment[] = [];
  for (const [at, { state, time: from }] of states.entries()) {
    const next = states[at + 1];
    const to = next?.time ?? Math.max(now, from);
    if (state === "Running") segments.push({ state: outcomeOf(next?.state), kind: "attempt", from, to });
    else if (!isFinished({ type: state }) && segments.length > 0) segments.push({ state, kind: "wait", from, to });
    else if (isFinished({ type: state }) && states[at - 1]?.state !== "Running" && state !== "Mapped")
      segments.push({ state, kind: "moment", from, to: from });
  }
  return segments;
}

/** An attempt that is followed by a wait for the next one has failed. */
const outcomeOf = (next: StateType | undefined): StateType => (next === "Retrying" ? "Failed" : (next ?? "Running"));

/** `Failed after 2 s, Retrying for 10 s, Success after 1 s` */
export function segmentsText(segments: readonly Segment[]): string {
  return segments
    .map(({ state, kind, from, to }) => {
      if (kind === "moment") return state;
      const preposition = kind === "attempt" && state !== "Running" ? "after" : "for";
      return `${state} ${preposition} ${durationText(to - from)}`;
    })
    .join(", ");
}
