import type { FlowRunnerError } from "../../errors/index.ts";

interface Circumstances {
  /** The request was written, so the API may have done what it asks although no answer came. */
  readonly maybeStored: boolean;
  /** Milliseconds the API asks us to wait; null: it did not say. */
  readonly retryAfter?: number | null;
  /** Nothing of the API's own has answered: another process of it may be there afterwards, without what this one held. */
  readonly unanswered?: boolean;
  /** The API asks for fewer requests (429). */
  readonly rateLimited?: boolean;
  /** Try again without waiting: a kept connection had been closed by the other side. */
  readonly staleConnection?: boolean;
  /** A problem that outages don't cause is not worth the whole outage budget. */
  readonly maxAttempts?: number;
}

/**
 * An attempt that failed in a way that another attempt may mend. It never leaves this folder: when there are no more
 * attempts, `final` is thrown.
 */
export class TransientFailure extends Error {
  override readonly name = "TransientFailure";
  readonly final: FlowRunnerError;
  readonly circumstances: Circumstances;

  constructor(final: FlowRunnerError, circumstances: Circumstances) {
    super(final.message, { cause: final });
    this.final = final;
    this.circumstances = circumstances;
  }
}
