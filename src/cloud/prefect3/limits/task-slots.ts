import type { Ack, Clock } from "../../../engine/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { HeldSlots } from "./held-slots.ts";

/** Prefect 3's task engine: seconds of the lease of a task run's slots. */
const leaseSeconds = 60;
/** Prefect 3: milliseconds for which it is remembered that there is no limit for some tags. */
const unlimitedFor = 5_000;

/**
 * The slots that task runs with tags hold while they run: of each limit that is called `tag:NAME`. As in Prefect 3 the
 * client takes them, before a task run is Running, and renews their lease.
 */
export class TaskSlots {
  readonly #held: HeldSlots;
  readonly #clock: Clock;

  constructor(held: HeldSlots, clock: Clock) {
    this.#held = held;
    this.#clock = clock;
  }

  /**
   * Null: the task run has its slots, or needs none.
   *
   * @throws FlowRunnerError those of `RestClient`; `API_REJECTED`: no task run with these tags may run
   */
  async take(taskRunId: string, tags: readonly string[], options?: CallOptions): Promise<Ack | null> {
    const held = this.#held;
    const clock = this.#clock;
    if (tags.length === 0 || held.has(taskRunId)) return null;
    const pool = held.pools.of(tags.map((tag) => `tag:${tag}`));
    pool.leave(taskRunId);
    return pool.inTurn(async () => {
      if (pool.unlimitedUntil > clock.now()) return null;
      if (pool.fullUntil <= clock.now()) {
        const holder = { type: "task_run", id: taskRunId } as const;
        const request = { names: pool.names, slots: 1, leaseSeconds, holder };
        const answer = await held.ask(request, options);
        if (answer.kind === "taken") held.hold(taskRunId, request, answer.taken);
        if (answer.kind === "unlimited") pool.unlimitedUntil = clock.now() + unlimitedFor;
        if (answer.kind !== "full") return null;
        pool.fullUntil = clock.now() + answer.retryAfter;
      }
      return { status: "queued", startTime: pool.fullUntil, sooner: pool.wait(taskRunId) };
    });
  }

  /** The task run does not run any more. */
  release(taskRunId: string): void {
    void this.#held.release(taskRunId);
  }
}
