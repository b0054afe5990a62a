import type { Duplex } from "node:stream";
import type { DialectName, RateLimiting } from "../../config/index.ts";
import type { Clock } from "../../engine/index.ts";
import type { ApiCall } from "./call.ts";

/** Where an API is, who asks, and how long it is waited for. */
export interface ApiOptions {
  /**
   * `http://` or `https://`. The GraphQL endpoint is there in 1.x, with whatever path it has, and below it in 0.7; that of
   * Prefect 3 ends in `/api`.
   */
  readonly url: string;
  /** Default: 1.x. */
  readonly dialect?: DialectName;
  readonly key: string | null;
  /** Prefect 3: `user:password`; it wins over the key. */
  readonly authString?: string | null;
  /** Prefect 3: with every request. */
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly tenantId: string | null;
  /** How long the API may be out of reach before a call gives up, in milliseconds. Default: 10 minutes. */
  readonly outageBudget?: number;
  /** For one request, in milliseconds. Default: that of Prefect's own clients, 15 seconds in 0.7 and 1.x, 60 in 3. */
  readonly requestTimeout?: number;
  /** After this, in milliseconds, a state that a concurrency limit held back may be tried again. Default: 30 seconds. */
  readonly queueInterval?: number;
  /** How answers 429 are waited out; left out, null: like any other failure. */
  readonly rateLimiting?: RateLimiting | null | undefined;
  /** Nothing is waited for once it aborts: what has no answer by then was not delivered. */
  readonly deadline?: AbortSignal | undefined;
  readonly clock?: Clock;
  /** Opens a connection, over which HTTP is spoken, in the place of one to the address; null: nobody is there. */
  readonly connect?: () => Duplex | null;
  /** Told when the API is out of reach, and when it is there again. */
  readonly warn?: (message: string) => void;
  /** From 0 up to 1, for the jitter between two attempts. */
  readonly random?: () => number;
  /** Where HTTPS_PROXY, HTTP_PROXY, NO_PROXY, SSL_CERT_FILE and REQUESTS_CA_BUNDLE are looked up. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told of each request when it begins, with what settles when it is over. */
  readonly calling?: (sending: Promise<unknown>) => void;
  /** Told of each request once it is over. */
  readonly called?: (call: ApiCall) => void;
}
