import type { Clock } from "../../engine/index.ts";
import type { FlowRunnerError } from "../../errors/index.ts";

/** The API has asked (Retry-After) for no request before a time, in epoch milliseconds. */
interface Quiet {
  readonly until: number;
  /** What it answered. */
  readonly failure: FlowRunnerError;
}

/**
 * How long the API has been out of reach, over all requests: without this, every request of a run would wait out the
 * whole budget again, one after the other.
 */
export class Outage {
  readonly #clock: Clock;
  readonly #budget: number;
  readonly #warn: (message: string) => void;
  /** Aborts when nothing more is waited for. */
  readonly deadline: AbortSignal | undefined;
  #since: number | null = null;
  #quiet: Quiet | null = null;
  #isUnanswered = false;
  #returned: () => void = () => undefined;

  constructor(clock: Clock, budget: number, warn: (message: string) => void, deadline?: AbortSignal) {
    this.deadline = deadline;
    this.#clock = clock;
    this.#budget = budget;
    this.#warn = warn;
  }

  /** An attempt failed. Said once: somebody may look at a container that seems to do nothing. */
  begin(problem: string): void {
    if (this.#since !== null) return;
    this.#since = this.#clock.now();
    this.#warn(`${problem} Trying again for up to ${Math.round(this.#budget / 1_000)} s.`);
  }

  /** A request was not answered by the API: see `onReturn`. */
  unanswered(): void {
    this.#isUnanswered = true;
  }

  end(): void {
    if (this.#since !== null) this.#warn(`The API is there again after ${Math.round(this.length / 1_000)} s.`);
    this.#since = null;
    if (!this.#isUnanswered) return;
    this.#isUnanswered = false;
    this.#returned();
  }

  /**
   * @param returned - called whenever the API answers after it did not: it may have been started again, without what it
   *   held in its memory
   */
  onReturn(returned: () => void): void {
    this.#returned = returned;
  }

  /** What one request was told counts for all: the API has one patience with a container. */
  keepQuiet(milliseconds: number, failure: FlowRunnerError): void {
    const until = this.#clock.now() + Math.min(milliseconds, this.left);
    if (until > (this.#quiet?.until ?? 0)) this.#quiet = { until, failure };
  }

  /** Null: requests may go out. */
  get quiet(): Quiet | null {
    return this.#quiet !== null && this.#quiet.until > this.#clock.now() ? this.#quiet : null;
  }

  /** Milliseconds since the first attempt that failed. */
  get length(): number {
    return this.#since === null ? 0 : this.#clock.now() - this.#since;
  }

  /** Milliseconds of the budget that are left. */
  get left(): number {
    return this.deadline?.aborted === true ? 0 : Math.max(0, this.#budget - this.length);
  }
}
