import type { AgentApi, AgentIdentity } from "../../port/agent-api.ts";
import type { ApiOptions } from "../../port/api-options.ts";
import { openGraphqlClient } from "../open-graphql-api.ts";
import { graphqlAgentApi } from "./graphql-agent-api.ts";

/** See `connectAgent`. */
export async function connectGraphqlAgent(options: ApiOptions, identity: AgentIdentity): Promise<AgentApi> {
  const { client, rest } = openGraphqlClient(options);
  try {
    return await graphqlAgentApi(client, identity, { ...rest, warn: options.warn ?? (() => undefined) });
  } catch (error) {
    rest.close();
    throw error;
  }
}
