import type { AgentApi, AgentIdentity } from "../../agent-api.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { type GraphqlApiOptions, graphqlApi } from "../graphql-api.ts";
import { firstTenant } from "../tenant.ts";
import { fetchDueFlowRuns } from "./due-flow-runs.ts";
import { registerAgent } from "./register-agent.ts";
import { fetchStartableRuns } from "./startable-runs.ts";

/** A person looks at it: so many attempts, a few seconds, for an API that is just starting. */
const patience = { tries: 5 };

/** Makes an agent known and gives what it asks with, in the dialect that the client speaks. */
export async function graphqlAgentApi(
  client: GraphqlClient,
  identity: AgentIdentity,
  options: GraphqlApiOptions & { readonly warn: (message: string) => void },
): Promise<AgentApi> {
  const tenantId = options.tenantId ?? (await firstTenant(client, patience));
  const agentId = await registerAgent(client, identity, tenantId, patience);
  // Prefect 1.x: by it the API knows which agent has asked for work, and has taken a run.
  const ours = client.with({ "X-PREFECT-AGENT-ID": agentId });
  const { labels } = identity;
  return {
    ...graphqlApi(ours, options),
    dueFlowRuns: (before, callOptions) => fetchDueFlowRuns(ours, { tenantId, before, labels }, callOptions),
    startableRuns: (ids, callOptions) => fetchStartableRuns(ours, ids, options.warn, callOptions),
  };
}
