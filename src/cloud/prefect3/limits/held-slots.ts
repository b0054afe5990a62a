import type { Clock } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { CallOptions } from "../../port/call.ts";
import { type RestClient, rejectedWith } from "../client/rest-client.ts";
import { keepLease } from "./keep-lease.ts";
import { LimitPools } from "./limit-pools.ts";
import { type SlotAnswer, type SlotRequest, type Taken, takeSlots, takeSlotsWithoutLease } from "./slots.ts";

/** A return that fails is made good by the end of the lease. */
const returnTries = 3;

export interface HeldSlotsOptions {
  readonly client: RestClient;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

interface Held {
  readonly taken: Taken;
  readonly names: readonly string[];
  readonly slots: number;
  readonly end: AbortController;
}

/** All slots that this process holds: takes them as the server knows how, renews their leases, and gives them back. */
export class HeldSlots {
  readonly pools = new LimitPools();
  readonly #options: HeldSlotsOptions;
  readonly #held = new Map<string, Held>();
  readonly #returning = new Set<Promise<void>>();
  #hasLeases = true;
  #saidWithoutLeases = false;

  constructor(options: HeldSlotsOptions) {
    this.#options = options;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  /**
   * Asks once. What is taken is to be held or given back.
   *
   * @throws FlowRunnerError those of `RestClient`; `API_REJECTED`: there are never so many slots
   */
  async ask(request: SlotRequest, options?: CallOptions): Promise<SlotAnswer> {
    const { client } = this.#options;
    if (!this.#hasLeases) return takeSlotsWithoutLease(client, request, options);
    try {
      return await takeSlots(client, request, options);
    } catch (error) {
      if (!rejectedWith(error, 404, 405)) throw error;
      this.#hasLeases = false;
      return takeSlotsWithoutLease(client, request, options);
    }
  }

  /** Holds what was taken until `release` is told this id. */
  hold(id: string, { names, slots }: Pick<SlotRequest, "names" | "slots">, taken: Taken): void {
    const { client, clock, warn } = this.#options;
    const end = new AbortController();
    this.#held.set(id, { taken, names, slots, end });
    if (taken.lease === null) {
      if (!this.#saidWithoutLeases) warn(withoutLeases);
      this.#saidWithoutLeases = true;
      return;
    }
    const lost = (problem: string): void =>
      warn(
        `A concurrency slot of "${names.join('", "')}" is no longer kept for a task that runs, so that more may run than its limit: ${problem}`,
      );
    void keepLease({ client, clock, lease: taken.lease, signal: end.signal, lost });
  }

  /** Resolves once they are given back, or it is said why they could not be; at once when there are none. */
  async release(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    held.end.abort();
    const done = this.#giveBack(held).finally(() => this.#returning.delete(done));
    this.#returning.add(done);
    return done;
  }

  /** Nothing runs any more; resolves once all slots are given back. */
  async releaseAll(): Promise<void> {
    for (const id of [...this.#held.keys()]) void this.release(id);
    await Promise.all(this.#returning);
  }

  async #giveBack({ taken, names, slots }: Held): Promise<void> {
    try {
      await taken.release({ tries: returnTries });
    } catch (error) {
      if (!(error instanceof FlowRunnerError)) throw error;
      this.#options.warn(`A concurrency slot could not be given back: ${error.message}`);
    }
    this.pools.freed(names, slots);
  }
}

const withoutLeases =
  "This server is older than Prefect 3.5 and has no leases for concurrency slots: those of a run that is killed are taken until somebody resets the limit.";
