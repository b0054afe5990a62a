import { systemClock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Api } from "../port/api.ts";
import type { ApiOptions } from "../port/api-options.ts";
import type { RunsApi } from "../port/runs-api.ts";
import { openHttp } from "../transport/http-connection.ts";
import { Outage } from "../transport/outage.ts";
import { GraphqlClient } from "./client/graphql-client.ts";
import { dialects } from "./dialect/dialects.ts";
import { type GraphqlApiOptions, graphqlApi } from "./graphql-api.ts";
import { graphqlRunsApi } from "./operator/graphql-runs-api.ts";

/** See `openApi`. */
export function openGraphqlApi(options: ApiOptions): Api {
  const { client, rest } = openGraphqlClient(options);
  return graphqlApi(client, rest);
}

/** See `openRunsApi`. */
export function openGraphqlRunsApi(options: ApiOptions): RunsApi {
  const { client, rest } = openGraphqlClient(options);
  return graphqlRunsApi(client, rest);
}

/** A client and what its adapters want beside it. */
export interface OpenGraphqlClient {
  readonly client: GraphqlClient;
  readonly rest: GraphqlApiOptions;
}

/** @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE` */
export function openGraphqlClient(options: ApiOptions): OpenGraphqlClient {
  const { clock = systemClock, outageBudget = 600_000, requestTimeout = 15_000, queueInterval = 30_000 } = options;
  const outage = new Outage(clock, outageBudget, options.warn ?? (() => undefined), options.deadline);
  const name = options.dialect ?? "1.x";
  if (name === "3") throw new FlowRunnerError("DIALECT_3_LACKS", { what: "GraphQL" });
  const dialect = dialects[name];
  const http = openHttp(dialect.endpoint(options.url), options.env ?? process.env, options);
  const client = new GraphqlClient({
    http,
    retry: { clock, outage, random: options.random ?? Math.random, rateLimiting: options.rateLimiting },
    key: options.key,
    tenantId: options.tenantId,
    requestTimeout,
    dialect,
  });
  return { client, rest: { tenantId: options.tenantId, queueInterval, close: () => http.close() } };
}
