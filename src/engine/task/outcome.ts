import { crashed, failed, makeState, type State, skipped, success, triggerFailed } from "../../state/index.ts";
import { failureMessage } from "../failure-message.ts";
import type { BodyOutcome } from "../ports.ts";

type Concluded = Exclude<BodyOutcome, { kind: "missing" | "lost" | "cancelled" }>;

/** What an attempt means for the task run, and whether a failure that comes of it is one for `maxRetries`. */
export interface Concluding {
  readonly state: State;
  readonly retryable: boolean;
}

/**
 * The state that an attempt of the body ends in. Messages are Prefect 1.x's, with the error as JavaScript prints it.
 *
 * @param now - epoch milliseconds, for signals without a time of their own
 */
export function concludeBody(outcome: Concluded, loopCount: number, runCount: number, now: number): Concluding {
  switch (outcome.kind) {
    case "success":
      return noFailure(success(outcome.message ?? "Task run succeeded.", outcome.stored));
    case "skip":
      return noFailure(skipped(outcome.message));
    case "fail":
      return { state: failed(outcome.message), retryable: true };
    case "triggerFail":
      return { state: triggerFailed(outcome.message), retryable: true };
    case "error":
      return {
        state: failed(failureMessage("body", outcome.error)),
        retryable: outcome.error.retryable,
      };
    case "unwritten":
      return { state: failed(outcome.message), retryable: outcome.retryable };
    case "crashed":
      return { state: crashed(outcome.message), retryable: true };
    case "timedOut":
      return { state: makeState("TimedOut", outcome.message ?? "Task timed out during execution."), retryable: true };
    case "retry":
      return noFailure(makeState("Retrying", outcome.message, { startTime: outcome.startTime ?? now, runCount }));
    case "pause":
      return noFailure(makeState("Paused", outcome.message, { startTime: outcome.startTime }));
    case "loop":
      return noFailure(
        makeState("Looped", outcome.message ?? `Task is looping (${loopCount})`, {
          loopCount,
          result: outcome.stored,
        }),
      );
  }
}

/** It is a failure only when a state handler makes one of it, which then counts like any other (Prefect 1.x). */
const noFailure = (state: State): Concluding => ({ state, retryable: true });
