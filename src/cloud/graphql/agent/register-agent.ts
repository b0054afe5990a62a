import { z } from "zod";
import type { AgentIdentity } from "../../port/agent-api.ts";
import type { CallOptions } from "../../port/call.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

/** Resolves with the id by which the API knows the agent. */
export async function registerAgent(
  client: GraphqlClient,
  { type, name, labels }: AgentIdentity,
  tenantId: string,
  options?: CallOptions,
): Promise<string> {
  const row = await client.mutate(
    {
      name: "register_agent",
      input: { type, name, labels, tenant_id: tenantId },
      select: "id",
      row: z.object({ id: z.string() }),
      operation: "the registration of an agent",
    },
    options,
  );
  return row.id;
}
