import type { z } from "zod";
import type { HttpRequest } from "../../transport/http-connection.ts";

/** A request to the API of Prefect 3. Collections end in a slash (`/flows/`), `/events` does not. */
export interface RestRequest<T> {
  /** What it does, for messages: `the heartbeat`. */
  readonly operation: string;
  readonly method: HttpRequest["method"];
  /** Below the address: `/flow_runs/7e12…`. */
  readonly path: string;
  /** Left out: none. */
  readonly body?: unknown;
  /** Of the answer's JSON; an answer without a body is `null`. */
  readonly shape: z.ZodType<T>;
  /**
   * Default: true, it may be sent again when nobody knows whether it arrived. False: doing it twice would be seen, so it
   * is tried again only where it cannot have arrived.
   */
  readonly repeatable?: boolean;
}
