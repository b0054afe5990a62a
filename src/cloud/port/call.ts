/** How one request to an API is made. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for one request. */
  readonly timeout?: number;
  /** At most so many attempts, whatever is left of the outage budget. */
  readonly tries?: number;
}

/** One request to the API, once it is over. */
export interface ApiCall {
  /** What it was for: `the heartbeat`. */
  readonly operation: string;
  readonly method: string;
  /** Of the answer; null: none came. */
  readonly status: number | null;
  /** Why none came, or what the status says; null: it went well. */
  readonly problem: string | null;
  /** Epoch milliseconds. */
  readonly began: number;
  /** Milliseconds. */
  readonly took: number;
}
