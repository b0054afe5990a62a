/** How one request to an API is made. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for one request. */
  readonly timeout?: number;
  /** At most so many attempts, whatever is left of the outage budget. */
  readonly tries?: number;
}
