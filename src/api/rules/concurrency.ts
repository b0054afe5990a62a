import { toWireTime } from "../../state/index.ts";
import type { WireState } from "./wire-state.ts";

/** Prefect 1.x: `cloud.queue_interval`; when a queued run may be tried again. */
export const queuedFor = 30_000;

export interface Limit {
  /** The tag of tasks or the label of flow runs. */
  readonly name: string;
  readonly limit: number;
  /** How many others are Running under it. */
  readonly running: number;
}

/**
 * The state that is stored instead of Running when a concurrency limit is reached, or null when there is room.
 *
 * Prefect 1.x: Cloud stores Queued and answers with status QUEUED; the runner waits and asks again.
 */
export function queuedInstead(limits: readonly Limit[], previous: WireState | null, now: number): WireState | null {
  const full = limits.find(({ limit, running }) => running >= limit);
  if (full === undefined) return null;
  return {
    type: "Queued",
    message: `Queued: ${full.running} of at most ${full.limit} runs are Running under "${full.name}".`,
    start_time: toWireTime(now + queuedFor),
    context: {},
    cached_inputs: {},
    _result: { type: "NoResultType" },
    state: previous ?? { type: "Pending", message: null, context: {}, cached_inputs: {} },
  };
}
