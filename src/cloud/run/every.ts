import type { Clock } from "../../engine/index.ts";

/**
 * Calls `action` at once and then every `interval` milliseconds, from start to start, until `signal` aborts. Calls
 * never overlap: one that takes longer than the interval delays the next.
 */
export async function every(
  interval: number,
  action: () => Promise<void>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const next = clock.now() + interval;
    await action();
    if (next > clock.now()) await clock.until(next, signal);
  }
}
