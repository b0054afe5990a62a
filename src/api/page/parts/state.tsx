import { isFinished, type StateType } from "../../../state/index.ts";

/** States that are shown alike; each has a colour, as near to that of Prefect's own pages as can be read. */
export type Tone =
  | "success"
  | "cached"
  | "mapped"
  | "skipped"
  | "running"
  | "retrying"
  | "waiting"
  | "failed"
  | "cancelled";

const tones: Readonly<Record<StateType, Tone>> = {
  Success: "success",
  Cached: "cached",
  Mapped: "mapped",
  Looped: "mapped",
  Skipped: "skipped",
  Running: "running",
  Retrying: "retrying",
  Pending: "waiting",
  Scheduled: "waiting",
  Paused: "waiting",
  Resume: "waiting",
  Submitted: "waiting",
  Queued: "waiting",
  Failed: "failed",
  TriggerFailed: "failed",
  TimedOut: "failed",
  ValidationFailed: "failed",
  Aborted: "failed",
  ClientFailed: "failed",
  Cancelling: "cancelled",
  Cancelled: "cancelled",
};

export const toneOf = (state: StateType | null): Tone => (state === null ? "waiting" : tones[state]);

export const isOver = (state: StateType | null): boolean => state !== null && isFinished({ type: state });

export function StateBadge({ state }: { readonly state: StateType | null }) {
  return (
    <span class={`state ${toneOf(state)}`}>
      <span class="dot" aria-hidden="true" />
      {state ?? "None"}
    </span>
  );
}

/** How many task runs are in each state, the most frequent first. */
export function countStates(states: Iterable<StateType>): [StateType, number][] {
  const counts = new Map<StateType, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

export const countsText = (counts: readonly (readonly [StateType, number])[]): string =>
  counts.map(([state, count]) => `${count.toLocaleString()} ${state}`).join(", ");

/** The counts as one bar. */
export function StateBar({ counts }: { readonly counts: readonly (readonly [StateType, number])[] }) {
  return (
    <span class="state-bar" aria-hidden="true">
      {counts.map(([state, count]) => (
        <span key={state} class={`part ${toneOf(state)}`} style={{ flexGrow: count }} />
      ))}
    </span>
  );
}
