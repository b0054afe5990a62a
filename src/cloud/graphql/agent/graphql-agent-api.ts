import type { AgentApi, AgentIdentity } from "../../port/agent-api.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { type GraphqlApiOptions, graphqlApi } from "../graphql-api.ts";
import { firstTenant } from "../tenant.ts";
import { fetchDueFlowRuns } from "./due-flow-runs.ts";
import { registerAgent } from "./register-agent.ts";
import { fetchStartableRuns } from "./startable-runs.ts";
import { checkTokenScope } from "./token-scope.ts";

/** A person looks at it: so many attempts, a few seconds, for an API that is just starting. */
const patience = { tries: 5 };

/** Makes an agent known and gives what it asks with, in the dialect that the client speaks. */
export async function graphqlAgentApi(
  client: GraphqlClient,
  identity: AgentIdentity,
  options: GraphqlApiOptions & { readonly warn: (message: string) => void },
): Promise<AgentApi> {
  const tenantId = options.tenantId ?? (await firstTenant(client, patience));
  const ours = await introduced(client, identity, tenantId);
  const { labels } = identity;
  return {
    ...graphqlApi(ours, options),
    dueFlowRuns: (before, callOptions) => fetchDueFlowRuns(ours, { tenantId, before, labels }, callOptions),
    startableRuns: (ids, callOptions) => fetchStartableRuns(ours, ids, options.warn, callOptions),
  };
}

/** The client in the agent's name. Before 0.10 the API knows no agents, and asks for a token of their scope instead. */
async function introduced(client: GraphqlClient, identity: AgentIdentity, tenantId: string): Promise<GraphqlClient> {
  if (client.dialect.lacks.has("register_agent")) {
    await checkTokenScope(client, patience);
    return client;
  }
  const agentId = await registerAgent(client, identity, tenantId, patience);
  // By it the API knows which agent has asked for work, and has taken a run.
  return client.with({ "X-PREFECT-AGENT-ID": agentId });
}
