import { FlowRunnerError } from "../errors/index.ts";
import type { AgentApi, AgentIdentity } from "./port/agent-api.ts";
import type { Api } from "./port/api.ts";
import type { ApiOptions } from "./port/api-options.ts";
import type { RunsApi } from "./port/runs-api.ts";

/**
 * Opens the client of an API; no request is made yet. Only the adapter that it needs is loaded: that of Prefect 3 costs a
 * run of another API 20 ms of processor time and 4 MB.
 *
 * @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE`
 * @example
 * ```ts
 * const api = await openApi({ url: "http://localhost:4200", key: null, tenantId: null });
 * const info = await api.flowRunInfo("7e120550-b7cd-481c-a0ee-02955601c689");
 * ```
 */
export async function openApi(options: ApiOptions): Promise<Api> {
  if (options.dialect === "3") {
    const { openPrefect3Api } = await import("./prefect3/open-prefect3-api.ts");
    return openPrefect3Api(options);
  }
  const { openGraphqlApi } = await import("./graphql/open-graphql-api.ts");
  return openGraphqlApi(options);
}

/** Opens the client with which a person looks at runs; see `openApi`. */
export async function openRunsApi(options: ApiOptions): Promise<RunsApi> {
  if (options.dialect === "3") {
    const { openPrefect3RunsApi } = await import("./prefect3/operator/open-prefect3-runs-api.ts");
    return openPrefect3RunsApi(options);
  }
  const { openGraphqlRunsApi } = await import("./graphql/open-graphql-api.ts");
  return openGraphqlRunsApi(options);
}

/**
 * Makes an agent known to an API: what it asks from then on is asked in its name. It does not wait for an API that is
 * away: who starts an agent is to see it.
 *
 * @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE`, and those of `Api`
 */
export async function connectAgent(options: ApiOptions, identity: AgentIdentity): Promise<AgentApi> {
  if (options.dialect === "3") throw new FlowRunnerError("DIALECT_3_LACKS", { what: "an agent" });
  const { connectGraphqlAgent } = await import("./graphql/agent/connect-graphql-agent.ts");
  return connectGraphqlAgent(options, identity);
}
