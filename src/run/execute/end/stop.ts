import type { CloudRun } from "../../../cloud/index.ts";

/** The end of this process before its time, and how long there is for it. */
export interface Stop {
  /** Aborts with the name of the signal that came. */
  readonly signal: AbortSignal;
  /** Aborts when the flow's own code has had its time: the rest is for telling the API. */
  readonly hostLate: AbortSignal;
  /** Aborts when there is no more time to tell the API anything: what is left to do is to keep it on disk. */
  readonly late: AbortSignal;
  /** Milliseconds for a step that should take `most` of them: less when the end is near. */
  within(most: number): number;
}

/** Resolves when it aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Milliseconds for the API to say that a run, whose process is told to stop, is cancelled. */
const lastLookMs = 1_500;

/** Who cancels a run may stop its container at once: it is to end Cancelled then, whatever else a stop makes of it. */
export async function lastLook(cloud: Pick<CloudRun, "look">, stop: Stop): Promise<void> {
  await cloud.look({ tries: 1, timeout: stop.within(lastLookMs) }).catch(() => null);
}

/** Of the grace, for bodies and handlers to end. */
const hostShare = 1 / 2;
/** The last part of the grace is for writing what was not delivered, and for ending the host. */
const reserve = 1 / 4;

/**
 * @param signal - aborts with the name of the signal that came
 * @param grace - milliseconds from then to the end of the process
 */
export function planStop(signal: AbortSignal, grace: number): Stop {
  const [hostLate, late] = [new AbortController(), new AbortController()];
  let end = Number.POSITIVE_INFINITY;
  const begin = (): void => {
    end = Date.now() + grace;
    // Nothing is to be kept waiting by these: they hurry what is under way.
    setTimeout(() => hostLate.abort(), grace * hostShare).unref();
    setTimeout(() => late.abort(), grace * (1 - reserve)).unref();
  };
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return {
    signal,
    hostLate: hostLate.signal,
    late: late.signal,
    // A quarter, so that what comes after it has some of the time, too.
    within: (most) => Math.min(most, Math.max(0, end - Date.now()) / 4),
  };
}
