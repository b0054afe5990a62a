import type { Clock } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { WantedSlots } from "../../../flow/index.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { HeldSlots } from "./held-slots.ts";
import type { LimitPool } from "./limit-pool.ts";
import { type SlotAnswer, takeForRate } from "./slots.ts";

/** Prefect 3's `concurrency`: seconds of the lease. */
const leaseSeconds = 300;

export interface BodySlotsOptions {
  readonly client: RestClient;
  readonly clock: Clock;
  readonly held: HeldSlots;
}

interface Wanting {
  readonly taskRunId: string;
  /** Aborts when the slots are not wanted any more. */
  readonly end: AbortController;
}

/**
 * The slots of global limits that bodies ask for themselves. They are the task run's: the end of its attempt gives them
 * back, whatever has become of the process that asked.
 */
export class BodySlots {
  readonly #options: BodySlotsOptions;
  readonly #wanting = new Map<string, Wanting>();

  constructor(options: BodySlotsOptions) {
    this.#options = options;
  }

  /**
   * Waits until the slots are taken; false: there is no such limit.
   *
   * @throws FlowRunnerError `CONCURRENCY_TIMEOUT`; `CONCURRENCY_WAIT_OVER`, when they are given back before they are taken;
   *   those of `RestClient`
   */
  async take(wanted: WantedSlots, taskRunId: string): Promise<boolean> {
    const end = new AbortController();
    this.#wanting.set(wanted.id, { taskRunId, end });
    const over = new Promise<never>((_, reject) => {
      const { names } = wanted;
      end.signal.addEventListener("abort", () => reject(new FlowRunnerError("CONCURRENCY_WAIT_OVER", { names })));
    });
    try {
      const isLimited = await Promise.race([this.#take(wanted, taskRunId, end.signal), over]);
      if (!isLimited || wanted.mode === "rate_limit") this.#wanting.delete(wanted.id);
      return isLimited;
    } catch (error) {
      this.#wanting.delete(wanted.id);
      throw error;
    }
  }

  /** Resolves once they are given back; those that are waited for are not any more. */
  async giveBack(id: string): Promise<void> {
    this.#wanting.get(id)?.end.abort();
    this.#wanting.delete(id);
    await this.#options.held.release(id);
  }

  /** An attempt of this task run is over. */
  release(taskRunId: string): void {
    for (const [id, wanting] of this.#wanting) if (wanting.taskRunId === taskRunId) void this.giveBack(id);
  }

  /** Nothing runs any more. */
  releaseAll(): void {
    for (const id of this.#wanting.keys()) void this.giveBack(id);
  }

  async #take(wanted: WantedSlots, taskRunId: string, signal: AbortSignal): Promise<boolean> {
    const { clock, held } = this.#options;
    const { id, names, slots, mode, timeout } = wanted;
    const pool = held.pools.of(names, mode);
    const deadline = clock.now() + (timeout ?? Number.POSITIVE_INFINITY);
    for (;;) {
      const isLimited = await pool.inTurn(() => this.#ask(pool, wanted, taskRunId, signal));
      if (signal.aborted) return false;
      if (isLimited !== null) return isLimited;
      if (timeout !== null && clock.now() >= deadline)
        throw new FlowRunnerError("CONCURRENCY_TIMEOUT", { names, slots, timeout });
      const asked = new AbortController();
      const again = clock.until(Math.min(pool.fullUntil, deadline), AbortSignal.any([signal, asked.signal]));
      await Promise.race([again, pool.wait(id)]);
      asked.abort();
      pool.leave(id);
      // It may be the one that was woken: another one is to ask in its place.
      if (signal.aborted && pool.fullUntil === 0) pool.wakeOne();
    }
  }

  /** Null: all slots are taken. */
  async #ask(pool: LimitPool, wanted: WantedSlots, taskRunId: string, signal: AbortSignal): Promise<boolean | null> {
    const { clock, client, held } = this.#options;
    if (signal.aborted || pool.fullUntil > clock.now()) return null;
    const { slots } = wanted;
    const holder = { type: "task_run", id: taskRunId } as const;
    const request = { names: pool.names, slots, leaseSeconds, holder };
    // It is waited for to its end: a request that is broken off may have taken slots that nobody would give back.
    const answer: SlotAnswer = await (wanted.mode === "rate_limit" ? takeForRate(client, request) : held.ask(request));
    if (answer.kind === "full") {
      pool.fullUntil = clock.now() + answer.retryAfter;
      return null;
    }
    if (answer.kind === "taken" && wanted.mode === "concurrency") {
      held.hold(wanted.id, request, answer.taken);
      if (signal.aborted) await held.release(wanted.id);
    }
    return answer.kind === "taken";
  }
}
