import type { Clock } from "../../../engine/index.ts";
import type { RestClient } from "../client/rest-client.ts";
import { keepLease, renew } from "./keep-lease.ts";

/** Prefect 3's flow engine. */
const leaseSeconds = 300;

/**
 * The slot of its deployment's concurrency limit that a flow run holds. A worker has taken it; from Running on its process
 * renews the lease, and the server gives the slot back when the flow run leaves Running.
 */
export class DeploymentLease {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  #id: string | null = null;
  #end = new AbortController();

  constructor(client: RestClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Aborts with the reason when the lease could not be renewed: another run may have the slot. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** From now on; once for each lease, however often it is told. Null: the deployment has no limit. */
  keep(id: string | null): void {
    if (id === null || id === this.#id) return;
    this.stop();
    this.#id = id;
    this.#end = new AbortController();
    void this.#keep({ id, seconds: leaseSeconds }, this.#end.signal);
  }

  /** The flow run does not run any more. */
  stop(): void {
    this.#id = null;
    this.#end.abort();
  }

  async #keep(lease: { readonly id: string; readonly seconds: number }, signal: AbortSignal): Promise<void> {
    const [client, clock] = [this.#client, this.#clock];
    const lost = (problem: string): void => this.#lost.abort(problem);
    // A worker may have asked for a shorter one, whose end is not known here.
    const problem = await renew(client, clock, lease, signal);
    if (problem !== null) return lost(problem);
    await keepLease({ client, clock, lease, signal, lost });
  }
}
