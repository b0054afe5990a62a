/**
 * What becomes of one request instead of what should. "Done" says that the API has stored what the request asks for,
 * although its sender does not learn that.
 *
 * - `latency`: done after so many milliseconds, and answered.
 * - `late`: done at once, answered so many milliseconds later: a client that waits less takes it for lost.
 * - `lost`: done; the connection is closed without an answer.
 * - `half`: done; the connection is closed in the middle of the answer.
 * - `drip`: done; the answer comes in so many pieces, each so many milliseconds after the one before.
 * - `status`: not done; answered with an HTTP status, and a Retry-After in seconds where there is one.
 * - `page`: not done; a proxy answers with a page for people. Default: status 200, and a page to log in.
 * - `error`: not done; answered with an error of GraphQL. Default: the API_ERROR on which clients of Prefect 1.x try again.
 * - `reset`: not done; the connection is closed.
 * - `hang`: not done, and no answer ever comes.
 * - `restart`: not done; the API goes down, with every connection, and listens again so many milliseconds later.
 */
export type Fault =
  | { readonly kind: "latency" | "late"; readonly milliseconds: number }
  | { readonly kind: "lost" | "half" | "reset" | "hang" }
  | { readonly kind: "drip"; readonly pieces: number; readonly milliseconds: number }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: number }
  | { readonly kind: "page"; readonly status?: number; readonly html?: string }
  | { readonly kind: "error"; readonly message?: string; readonly code?: string }
  | { readonly kind: "restart"; readonly downFor: number };

/** Which requests meet a fault. */
export interface FaultRule {
  /** One of several is picked, by the seed. */
  readonly fault: Fault | readonly Fault[];
  /**
   * Root fields by their names in 1.x (`set_task_run_states`, `flow_run_by_pk`), of which a request has at least one;
   * left out: every request.
   */
  readonly operations?: readonly string[];
  /** So many of these requests are spared first. Default: 0. */
  readonly after?: number;
  /** At most so many of them meet it. Default: no end. */
  readonly times?: number;
  /** How likely each of them is to meet it, from 0 to 1. Default: 1. */
  readonly probability?: number;
  /** Milliseconds by the API's clock from the first that has met it on, after which none does. Default: no end. */
  readonly lasting?: number;
}

/** How an API misbehaves: the first rule that strikes decides about a request. */
export interface FaultPlan {
  readonly rules: readonly FaultRule[];
  /**
   * The same seed gives the same faults: whether the fifth `set_task_run_states` meets one does not depend on what other
   * requests come between. Default: 1.
   */
  readonly seed?: number;
  /** Milliseconds that the API's clock is ahead; negative: behind. Default: 0. */
  readonly clockSkew?: number;
}

/** An operation that has come in. */
export interface SeenOperation {
  /** Root fields, by their names in 1.x. */
  readonly operations: readonly string[];
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds by the API's clock. */
  readonly time: number;
  /** Null: it was answered as it should be. */
  readonly fault: Fault | null;
}

/** A request that has met a fault. */
export interface MetFault {
  readonly fault: Fault;
  /** What decided: the request's first root field, by its name in 1.x. */
  readonly operation: string;
  /** Which of the requests with this first root field it was, from 1. */
  readonly nth: number;
}
