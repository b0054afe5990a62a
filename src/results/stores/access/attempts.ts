import { setTimeout as pause } from "node:timers/promises";
import pRetry from "p-retry";
import type { ObjectStore, StoreLimits } from "../object-store.ts";

/** An attempt that got no answer in time. */
export class NoAnswer extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

/**
 * Runs an operation of a store until it goes well, as long as its failures may pass: with growing, jittered pauses
 * (0.2 s to 10 s). Each attempt has `limits.timeout` milliseconds, and is given up then even by a client that does not
 * listen to its signal. Rejects with the store's own error.
 */
export async function attempts<Result>(
  store: ObjectStore,
  limits: StoreLimits,
  signal: AbortSignal,
  operation: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return pRetry(() => withTimeout(limits.timeout, signal, operation), {
    retries: limits.attempts - 1,
    minTimeout: 200,
    maxTimeout: 10_000,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => isTransient(store, error),
  });
}

/** The pause before attempt `failures` + 1. */
export async function backOff(failures: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(10_000, 200 * 2 ** (failures - 1));
  await pause(longest * (1 + Math.random()) * 0.5, undefined, { signal });
}

export function isTransient(store: ObjectStore, error: unknown): boolean {
  return error instanceof NoAnswer || store.explain(error).kind === "transient";
}

/** Gives an operation so many milliseconds; its signal is aborted then, or when the outer one is. */
export async function withTimeout<Result>(
  milliseconds: number,
  signal: AbortSignal,
  operation: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const own = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswer(milliseconds)), milliseconds);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([operation(own.signal), late]);
  } catch (error) {
    own.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
