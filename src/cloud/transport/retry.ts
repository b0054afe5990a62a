import pRetry from "p-retry";
import type { RateLimiting } from "../../config/index.ts";
import type { Clock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Outage } from "./outage.ts";
import { TransientFailure } from "./transient-failure.ts";

export interface RetryPolicy {
  readonly clock: Clock;
  readonly outage: Outage;
  /** From 0 up to 1; spreads the attempts of many containers that saw the same outage. */
  readonly random: () => number;
  /** Left out: like any other failure. */
  readonly rateLimiting?: RateLimiting | null | undefined;
}

export interface RetryOptions {
  readonly signal?: AbortSignal | undefined;
  /** At most so many attempts, whatever is left of the outage budget. */
  readonly tries?: number | undefined;
}

const firstDelay = 250;
const longestDelay = 15_000;

/** Milliseconds. */
const backoff = (attemptNumber: number, random: number): number =>
  Math.min(longestDelay, firstDelay * 2 ** (attemptNumber - 1)) * (0.5 + random / 2);

/** Milliseconds. @param attempt - which answer 429 it is, from 1 */
const rateBackoff = ({ backoff, multiplier, exponent }: RateLimiting, attempt: number, random: number): number =>
  backoff + random * multiplier * exponent ** attempt * 1_000;

/**
 * Calls `attempt` until it succeeds, fails for good, or the outage budget is used up. While the API wants quiet
 * (Retry-After, to whichever request it said so), what has one try only fails with what the API said.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  options: RetryOptions = {},
): Promise<T> {
  const { clock, outage, random } = policy;
  let limited = 0;
  const waitUntil = (time: number): Promise<void> => {
    const ends = [options.signal, outage.deadline].filter((signal) => signal !== undefined);
    return clock.until(time, AbortSignal.any(ends));
  };
  const waitForNext = async (failure: TransientFailure, attemptNumber: number): Promise<boolean> => {
    const { retryAfter = null, staleConnection, unanswered } = failure.circumstances;
    if (unanswered === true) outage.unanswered();
    if (retryAfter !== null) outage.keepQuiet(retryAfter, failure.final);
    const rate = failure.circumstances.rateLimited === true ? (policy.rateLimiting ?? null) : null;
    const maxAttempts = failure.circumstances.maxAttempts ?? (rate === null ? null : rate.retries + 1);
    // Counted by themselves: attempts that fell into an outage before say nothing about the API's answers.
    if (maxAttempts !== null) limited += 1;
    if (limited >= (maxAttempts ?? Number.POSITIVE_INFINITY)) return false;
    if (attemptNumber >= (options.tries ?? Number.POSITIVE_INFINITY)) return false;
    if (staleConnection === true && attemptNumber === 1) return true;
    outage.begin(failure.message);
    if (outage.left === 0) return false;
    const wait = rate === null ? backoff(attemptNumber, random()) : rateBackoff(rate, limited, random());
    const next = clock.now() + Math.min(retryAfter ?? wait, outage.left);
    await waitUntil(Math.max(next, outage.quiet?.until ?? next));
    return true;
  };
  const { quiet } = outage;
  // What has but one try is sent again by and by: nothing waits for it.
  if (quiet !== null && options.tries === 1) throw withLength(quiet.failure, outage.length);
  if (quiet !== null) await waitUntil(quiet.until);
  try {
    const value = await pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 0,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      shouldRetry: async ({ error, attemptNumber }) => {
        return error instanceof TransientFailure && waitForNext(error, attemptNumber);
      },
    });
    outage.end();
    return value;
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    throw withLength(error.final, outage.length);
  }
}

/** Says how long it was tried, where that is known only at the end. */
function withLength(error: FlowRunnerError, length: number): FlowRunnerError {
  if (error.code !== "API_UNREACHABLE") return error;
  const details = error.details as { url: string; problem: string; seconds: number };
  return new FlowRunnerError(
    "API_UNREACHABLE",
    { ...details, seconds: Math.round(length / 1_000) },
    { cause: error.cause },
  );
}
