import type { Duration } from "../duration.ts";

/** How slots are asked for. */
export interface SlotOptions {
  /** How many slots of each limit; default: 1. */
  readonly occupy?: number;
  /** How long to wait while they are taken; 0: not at all. Default: until the attempt is over. An outage of the API is waited out. */
  readonly timeout?: Duration;
  /** A limit that does not exist is an error, and not no limit; default: false. */
  readonly strict?: boolean;
}

/**
 * Global concurrency limits of Prefect 3, which all runs share (Prefect 3: `concurrency`, `rate_limit`; made in its UI, or by
 * `prefect gcl create`). As there, what does not exist is no limit, which the run's log says, unless it is asked for
 * strictly: a name without a limit, or an API that has none (Prefect 0.7 and 1.x, or no API at all).
 */
export interface RunLimits {
  /**
   * Holds slots while `run` runs, and resolves with what it returns. They are given back at its end, also when it throws,
   * and at the end of the attempt, however it ends. Slots are leased: where the lease cannot be renewed, which the run's log
   * says, others may have them, and `run` goes on.
   *
   * @param names - of one limit, or of several, of each of which the slots are taken; none: there is no limit
   * @throws FlowRunnerError `CONCURRENCY_TIMEOUT`; `CONCURRENCY_LIMIT_MISSING`, with `strict`; `CONCURRENCY_INVALID`;
   *   `API_REJECTED`, where more is asked for than the limit
   * @throws the reason of `context.signal`, when it aborts during the wait
   * @example
   * ```ts
   * const rows = await context.concurrency("database", { occupy: 2, timeout: "1m" }, () => query(day));
   * ```
   */
  concurrency<Value>(
    names: string | readonly string[],
    options: SlotOptions,
    run: () => Value | Promise<Value>,
  ): Promise<Value>;
  concurrency<Value>(names: string | readonly string[], run: () => Value | Promise<Value>): Promise<Value>;
  /**
   * Waits until there are slots, which become free by themselves, by the limit's decay.
   *
   * @throws FlowRunnerError as `concurrency`; `API_REJECTED` also where a limit has no decay
   * @example
   * ```ts
   * await context.rateLimit("api-calls");
   * ```
   */
  rateLimit(names: string | readonly string[], options?: SlotOptions): Promise<void>;
}

/** Slots that a body asks for. */
export interface WantedSlots {
  /** By which they are given back. */
  readonly id: string;
  readonly names: readonly string[];
  readonly slots: number;
  /** `rate_limit`: they are not given back. */
  readonly mode: "concurrency" | "rate_limit";
  /** Milliseconds; null: as long as the attempt. */
  readonly timeout: number | null;
  readonly strict: boolean;
}
