import type { Clock } from "../../engine/index.ts";

/**
 * How long the API has been out of reach, over all requests: without this, every request of a run would wait out the
 * whole budget again, one after the other.
 */
export class Outage {
  readonly #clock: Clock;
  readonly #budget: number;
  #since: number | null = null;

  constructor(clock: Clock, budget: number) {
    this.#clock = clock;
    this.#budget = budget;
  }

  begin(): void {
    this.#since ??= this.#clock.now();
  }

  end(): void {
    this.#since = null;
  }

  /** Milliseconds since the first attempt that failed. */
  get length(): number {
    return this.#since === null ? 0 : this.#clock.now() - this.#since;
  }

  /** Milliseconds of the budget that are left. */
  get left(): number {
    return Math.max(0, this.#budget - this.length);
  }
}
