import { systemClock } from "../../engine/index.ts";
import type { ApiOptions } from "../port/api-options.ts";
import { openHttp } from "../transport/http-connection.ts";
import { Outage } from "../transport/outage.ts";
import { RestClient } from "./client/rest-client.ts";

/** A client and what ends its connections. */
export interface OpenRestClient {
  readonly client: RestClient;
  close(): void;
}

/**
 * Opens the client of an API of Prefect 3; no request is made yet.
 *
 * @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE`
 * @example
 * ```ts
 * const { client, close } = openRestClient({ url: "http://127.0.0.1:4200/api", dialect: "3", key: null, tenantId: null });
 * const version = await client.send({ operation: "its version", method: "GET", path: "/admin/version", shape: z.string() });
 * ```
 */
export function openRestClient(options: ApiOptions): OpenRestClient {
  const { clock = systemClock, outageBudget = 600_000, requestTimeout = 60_000 } = options;
  const outage = new Outage(clock, outageBudget, options.warn ?? (() => undefined), options.deadline);
  const http = openHttp(options.url, options.env ?? process.env, options);
  const client = new RestClient({
    http,
    retry: { clock, outage, random: options.random ?? Math.random, rateLimiting: options.rateLimiting },
    key: options.key,
    authString: options.authString ?? null,
    headers: options.headers ?? {},
    requestTimeout,
  });
  return { client, close: () => http.close() };
}
