import { z } from "zod";
import type { Clock } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { Lease } from "./slots.ts";

/** Prefect 3: the part of a lease after which it is renewed. */
const renewAfter = 0.75;
const attempts = 3;
const firstDelay = 1_000;
/** Milliseconds for one of them: the lease does not wait for as long as other requests may take. */
const patience = 15_000;

export interface KeepLease {
  readonly client: RestClient;
  readonly clock: Clock;
  readonly lease: Lease;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Another one may have the slots: with why the lease could not be renewed. */
  lost(problem: string): void;
}

/** Renews a lease before it is over, from now on, until `signal` aborts or it is lost. */
export async function keepLease({ client, clock, lease, signal, lost }: KeepLease): Promise<void> {
  for (;;) {
    await clock.until(clock.now() + lease.seconds * renewAfter * 1_000, signal);
    if (signal.aborted) return;
    const problem = await renew(client, clock, lease, signal);
    if (signal.aborted) return;
    if (problem !== null) return lost(problem);
  }
}

/** Resolves with null, or with why not. An outage of a minute is waited out: the lease is a quarter longer than that. */
export async function renew(
  client: RestClient,
  clock: Clock,
  lease: Lease,
  signal: AbortSignal,
): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(
        {
          operation: "the renewal of a concurrency lease",
          method: "POST",
          path: `/v2/concurrency_limits/leases/${lease.id}/renew`,
          body: { lease_duration: lease.seconds },
          shape: z.unknown(),
        },
        { signal, tries: 1, timeout: patience },
      );
      return null;
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof FlowRunnerError)) throw error;
      if (attempt === attempts) return messageOf(error);
      await clock.until(clock.now() + firstDelay * 2 ** (attempt - 1), signal);
    }
  }
}
