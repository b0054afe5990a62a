import pRetry from "p-retry";
import type { Clock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Outage } from "./outage.ts";
import { TransientFailure } from "./transient-failure.ts";

export interface RetryPolicy {
  readonly clock: Clock;
  readonly outage: Outage;
  /** From 0 up to 1; spreads the attempts of many containers that saw the same outage. */
  readonly random: () => number;
}

export interface RetryOptions {
  readonly signal?: AbortSignal | undefined;
  /** At most so many attempts, whatever is left of the outage budget. */
  readonly tries?: number | undefined;
}

const firstDelay = 250;
const longestDelay = 15_000;

/** Calls `attempt` until it succeeds, fails for good, or the outage budget is used up. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  options: RetryOptions = {},
): Promise<T> {
  const { clock, outage, random } = policy;
  let limited = 0;
  const waitForNext = async (failure: TransientFailure, attemptNumber: number): Promise<boolean> => {
    const { maxAttempts = null, retryAfter, staleConnection } = failure.circumstances;
    // Counted by themselves: attempts that fell into an outage before say nothing about the API's answers.
    if (maxAttempts !== null) limited += 1;
    if (limited >= (maxAttempts ?? Number.POSITIVE_INFINITY)) return false;
    if (attemptNumber >= (options.tries ?? Number.POSITIVE_INFINITY)) return false;
    if (staleConnection === true && attemptNumber === 1) return true;
    outage.begin(failure.message);
    if (outage.left === 0) return false;
    const backoff = Math.min(longestDelay, firstDelay * 2 ** (attemptNumber - 1)) * (0.5 + random() / 2);
    await clock.until(clock.now() + Math.min(retryAfter ?? backoff, outage.left), options.signal);
    return true;
  };
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
