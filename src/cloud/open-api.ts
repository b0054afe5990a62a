import { systemClock } from "../engine/index.ts";
import { FlowRunnerError } from "../errors/index.ts";
import type { AgentApi, AgentIdentity } from "./agent-api.ts";
import type { Api } from "./api.ts";
import type { ApiOptions } from "./api-options.ts";
import { graphqlAgentApi } from "./graphql/agent/graphql-agent-api.ts";
import { GraphqlClient } from "./graphql/client/graphql-client.ts";
import { dialects } from "./graphql/dialect/dialects.ts";
import { type GraphqlApiOptions, graphqlApi } from "./graphql/graphql-api.ts";
import { graphqlRunsApi } from "./graphql/operator/graphql-runs-api.ts";
import { openRestClient } from "./prefect3/open-rest-client.ts";
import { prefect3Api } from "./prefect3/prefect3-api.ts";
import type { RunsApi } from "./runs-api.ts";
import { openHttp } from "./transport/http-connection.ts";
import { Outage } from "./transport/outage.ts";

/**
 * Opens the client of an API; no request is made yet.
 *
 * @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE`
 * @example
 * ```ts
 * const api = openApi({ url: "http://localhost:4200", key: null, tenantId: null });
 * const info = await api.flowRunInfo("7e120550-b7cd-481c-a0ee-02955601c689");
 * ```
 */
export function openApi(options: ApiOptions): Api {
  if (options.dialect === "3") {
    const { client, close } = openRestClient(options);
    return prefect3Api(client, { clock: options.clock ?? systemClock, warn: options.warn ?? (() => undefined), close });
  }
  const { client, rest } = openClient(options, "this command");
  return graphqlApi(client, rest);
}

/** Opens the client with which a person looks at runs; see `openApi`. */
export function openRunsApi(options: ApiOptions): RunsApi {
  const { client, rest } = openClient(options, "runs, logs, cancel and retry");
  return graphqlRunsApi(client, rest);
}

/**
 * Makes an agent known to an API: what it asks from then on is asked in its name. It does not wait for an API that is
 * away: who starts an agent is to see it.
 *
 * @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE`, and those of `Api`
 */
export async function connectAgent(options: ApiOptions, identity: AgentIdentity): Promise<AgentApi> {
  const { client, rest } = openClient(options, "an agent");
  try {
    return await graphqlAgentApi(client, identity, { ...rest, warn: options.warn ?? (() => undefined) });
  } catch (error) {
    rest.close();
    throw error;
  }
}

/** @param what What an API of Prefect 3 is not asked for in GraphQL. */
function openClient(
  options: ApiOptions,
  what: string,
): { readonly client: GraphqlClient; readonly rest: GraphqlApiOptions } {
  const { clock = systemClock, outageBudget = 600_000, requestTimeout = 15_000, queueInterval = 30_000 } = options;
  const outage = new Outage(clock, outageBudget, options.warn ?? (() => undefined), options.deadline);
  const name = options.dialect ?? "1.x";
  if (name === "3") throw new FlowRunnerError("DIALECT_3_LACKS", { what });
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
