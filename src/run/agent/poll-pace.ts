/** Prefect: seconds between two polls that found nothing, growing up to the longest. */
const intervals = [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000] as const;
export const longestInterval = 10_000;

/**
 * How long to wait before the next poll, in milliseconds: hardly while there is work, longer and longer while there is
 * none.
 */
export class PollPace {
  readonly #longest: number;
  #idle = 0;

  /** @param longest - milliseconds */
  constructor(longest: number = longestInterval) {
    this.#longest = longest;
  }

  after(found: boolean): number {
    this.#idle = found ? 0 : Math.min(this.#idle + 1, intervals.length - 1);
    return Math.min(intervals[this.#idle] ?? longestInterval, this.#longest);
  }
}
