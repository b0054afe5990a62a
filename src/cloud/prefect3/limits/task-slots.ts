import type { Ack, Clock } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { CallOptions } from "../../api.ts";
import { type RestClient, rejectedWith } from "../client/rest-client.ts";
import { keepLease } from "./keep-lease.ts";
import { LimitPool } from "./limit-pool.ts";
import { type SlotAnswer, type SlotRequest, type Taken, takeSlots, takeSlotsWithoutLease } from "./slots.ts";

/** Prefect 3's task engine: seconds of the lease of a task run's slots. */
const leaseSeconds = 60;
/** Prefect 3: milliseconds for which it is remembered that there is no limit for some tags. */
const unlimitedFor = 5_000;
/** A return that fails is made good by the end of the lease. */
const returnTries = 3;

export interface TaskSlotsOptions {
  readonly client: RestClient;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

interface Held {
  readonly taken: Taken;
  readonly names: readonly string[];
  readonly end: AbortController;
}

/**
 * The slots that task runs with tags hold while they run: of each limit that is called `tag:NAME`. As in Prefect 3 the
 * client takes them, before a task run is Running, and renews their lease.
 */
export class TaskSlots {
  readonly #options: TaskSlotsOptions;
  readonly #pools = new Map<string, LimitPool>();
  readonly #held = new Map<string, Held>();
  readonly #returning = new Set<Promise<void>>();
  #hasLeases = true;
  #saidWithoutLeases = false;

  constructor(options: TaskSlotsOptions) {
    this.#options = options;
  }

  /**
   * Null: the task run has its slots, or needs none.
   *
   * @throws FlowRunnerError those of `RestClient`; `API_REJECTED`: no task run with these tags may run
   */
  async take(taskRunId: string, tags: readonly string[], options?: CallOptions): Promise<Ack | null> {
    if (tags.length === 0 || this.#held.has(taskRunId)) return null;
    const { clock } = this.#options;
    const pool = this.#poolOf(tags);
    pool.leave(taskRunId);
    return pool.inTurn(async () => {
      if (pool.unlimitedUntil > clock.now()) return null;
      if (pool.fullUntil <= clock.now()) {
        const answer = await this.#ask(pool.names, taskRunId, options);
        if (answer.kind === "taken") this.#hold(taskRunId, pool.names, answer.taken);
        if (answer.kind === "unlimited") pool.unlimitedUntil = clock.now() + unlimitedFor;
        if (answer.kind !== "full") return null;
        pool.fullUntil = clock.now() + answer.retryAfter;
      }
      return { status: "queued", startTime: pool.fullUntil, sooner: pool.wait(taskRunId) };
    });
  }

  /** The task run does not run any more. */
  release(taskRunId: string): void {
    const held = this.#held.get(taskRunId);
    if (held === undefined) return;
    this.#held.delete(taskRunId);
    held.end.abort();
    const returned = held.taken.release({ tries: returnTries }).catch((error: unknown) => {
      if (!(error instanceof FlowRunnerError)) throw error;
      this.#options.warn(`A concurrency slot could not be given back: ${error.message}`);
    });
    const done = returned.then(() => {
      this.#returning.delete(done);
      const names = new Set(held.names);
      for (const pool of this.#pools.values()) if (pool.names.some((name) => names.has(name))) pool.wakeOne();
    });
    this.#returning.add(done);
  }

  /** Nothing runs any more; resolves once all slots are given back. */
  async releaseAll(): Promise<void> {
    for (const id of this.#held.keys()) this.release(id);
    await Promise.all(this.#returning);
  }

  #poolOf(tags: readonly string[]): LimitPool {
    const names = [...new Set(tags)].toSorted().map((tag) => `tag:${tag}`);
    const key = JSON.stringify(names);
    const known = this.#pools.get(key) ?? new LimitPool(names);
    this.#pools.set(key, known);
    return known;
  }

  async #ask(names: readonly string[], taskRunId: string, options?: CallOptions): Promise<SlotAnswer> {
    const { client } = this.#options;
    const request: SlotRequest = { names, slots: 1, leaseSeconds, holder: { type: "task_run", id: taskRunId } };
    if (!this.#hasLeases) return takeSlotsWithoutLease(client, request, options);
    try {
      return await takeSlots(client, request, options);
    } catch (error) {
      if (!rejectedWith(error, 404, 405)) throw error;
      this.#hasLeases = false;
      return takeSlotsWithoutLease(client, request, options);
    }
  }

  #hold(taskRunId: string, names: readonly string[], taken: Taken): void {
    const { client, clock, warn } = this.#options;
    const end = new AbortController();
    this.#held.set(taskRunId, { taken, names, end });
    if (taken.lease === null) {
      if (!this.#saidWithoutLeases) warn(withoutLeases);
      this.#saidWithoutLeases = true;
      return;
    }
    const lost = (problem: string): void =>
      warn(
        `A concurrency slot is no longer kept for a task that runs, so that more may run than its limit: ${problem}`,
      );
    void keepLease({ client, clock, lease: taken.lease, signal: end.signal, lost });
  }
}

const withoutLeases =
  "This server is older than Prefect 3.5 and has no leases for concurrency slots: those of a run that is killed are taken until somebody resets the limit.";
