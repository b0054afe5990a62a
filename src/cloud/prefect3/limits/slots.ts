import { z } from "zod";
import type { CallOptions } from "../../port/call.ts";
import { type RestClient, rejectedWith, retryAfterOf } from "../client/rest-client.ts";

/** What slots are asked for: the same number of each limit. */
export interface SlotRequest {
  readonly names: readonly string[];
  readonly slots: number;
  /** Seconds until a lease that nobody renews is over: 60 … 86,400. */
  readonly leaseSeconds: number;
  /** Whose they are, for who looks at the limit. */
  readonly holder: { readonly type: "flow_run" | "task_run"; readonly id: string };
}

export type SlotAnswer =
  | { readonly kind: "taken"; readonly taken: Taken }
  /** None of the limits exists. */
  | { readonly kind: "unlimited" }
  /** `retryAfter`: milliseconds. */
  | { readonly kind: "full"; readonly retryAfter: number };

/** Slots that are held, and how they are given back. */
export interface Taken {
  /** Null: a server that knows no leases; they are held until they are given back. */
  readonly lease: Lease | null;
  release(options?: CallOptions): Promise<void>;
}

/** A server takes back the slots of a lease that is not renewed in time. */
export interface Lease {
  readonly id: string;
  readonly seconds: number;
}

/** Milliseconds, where a server says that all slots are taken and not for how long. */
const pause = 5_000;

const limit = z.object({ name: z.string() });
const withLease = z.object({ lease_id: z.string().nullish(), limits: z.array(limit) });

/**
 * Asks for slots of global limits. A limit by tag is one that is called `tag:NAME`. Prefect 3: `increment-with-lease`.
 *
 * @throws FlowRunnerError `API_REJECTED` with status 404 or 405: a server that knows no leases; 422: more slots than there are
 */
export async function takeSlots(
  client: RestClient,
  { names, slots, leaseSeconds, holder }: SlotRequest,
  options?: CallOptions,
): Promise<SlotAnswer> {
  return orFull(async () => {
    const { lease_id: id, limits } = await client.send(
      {
        operation: `a slot of ${listed(names)}`,
        method: "POST",
        path: "/v2/concurrency_limits/increment-with-lease",
        body: { names, slots, mode: "concurrency", lease_duration: leaseSeconds, holder },
        shape: withLease,
        repeatable: false,
      },
      options,
    );
    if (limits.length === 0 || id == null) return { kind: "unlimited" };
    const release = (more?: CallOptions) =>
      giveBack(client, "/v2/concurrency_limits/decrement-with-lease", { lease_id: id }, more);
    return { kind: "taken", taken: { lease: { id, seconds: leaseSeconds }, release } };
  });
}

/**
 * The same of a server that knows no leases (before 3.5), where slots are held until they are given back; one that knows
 * no limits at all has none.
 *
 * @throws FlowRunnerError those of `RestClient`
 */
export async function takeSlotsWithoutLease(
  client: RestClient,
  request: SlotRequest,
  options?: CallOptions,
): Promise<SlotAnswer> {
  try {
    return await takeFromOlder(client, request, options);
  } catch (error) {
    if (rejectedWith(error, 404, 405)) return { kind: "unlimited" };
    throw error;
  }
}

function takeFromOlder(
  client: RestClient,
  { names, slots, holder }: SlotRequest,
  options?: CallOptions,
): Promise<SlotAnswer> {
  const tags = names.flatMap((name) => (name.startsWith("tag:") ? [name.slice("tag:".length)] : []));
  // There a limit by tag is not one of the global ones.
  return tags.length === names.length
    ? take(client, "/concurrency_limits", { names: tags, task_run_id: holder.id }, options)
    : take(client, "/v2/concurrency_limits", { names, slots }, options);
}

/**
 * Counts against the rate of limits, whose slots become free by themselves: they need no lease (Prefect 3: `rate_limit`).
 *
 * @throws FlowRunnerError `API_REJECTED` with status 422: a limit has no decay, or fewer slots; 404: a server without limits
 */
export const takeForRate = (
  client: RestClient,
  { names, slots }: SlotRequest,
  options?: CallOptions,
): Promise<SlotAnswer> => take(client, "/v2/concurrency_limits", { names, slots, mode: "rate_limit" }, options);

interface Wanted {
  readonly names: readonly string[];
  readonly slots?: number;
  readonly mode?: "rate_limit";
  readonly task_run_id?: string;
}

function take(client: RestClient, path: string, body: Wanted, options?: CallOptions): Promise<SlotAnswer> {
  return orFull(async () => {
    const limits = await client.send(
      {
        operation: `a slot of ${listed(body.names)}`,
        method: "POST",
        path: `${path}/increment`,
        body,
        shape: z.array(limit),
        repeatable: false,
      },
      options,
    );
    if (limits.length === 0) return { kind: "unlimited" };
    const since = performance.now();
    const release = (more?: CallOptions) => {
      const seconds = Math.max(0.001, (performance.now() - since) / 1_000);
      return giveBack(client, `${path}/decrement`, { ...body, occupancy_seconds: seconds }, more);
    };
    return { kind: "taken", taken: { lease: null, release } };
  });
}

async function orFull(ask: () => Promise<SlotAnswer>): Promise<SlotAnswer> {
  try {
    return await ask();
  } catch (error) {
    if (rejectedWith(error, 423)) return { kind: "full", retryAfter: retryAfterOf(error) ?? pause };
    throw error;
  }
}

async function giveBack(client: RestClient, path: string, body: object, options?: CallOptions): Promise<void> {
  await client.send({ operation: "the return of a slot", method: "POST", path, body, shape: z.unknown() }, options);
}

const listed = (names: readonly string[]): string =>
  names.length === 1 ? `the limit "${names[0]}"` : `the limits "${names.join('", "')}"`;
