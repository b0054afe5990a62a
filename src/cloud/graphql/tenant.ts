import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { CallOptions } from "../port/call.ts";
import type { GraphqlClient } from "./client/graphql-client.ts";

const tenants = z.object({ tenant: z.array(z.object({ id: z.string() })) });

/** Prefect: who names no tenant acts for the first one that the API shows. */
export async function firstTenant(client: GraphqlClient, options?: CallOptions): Promise<string> {
  const { tenant } = await client.send(
    { operation: "the search for a tenant", query: "query { tenant { id } }" },
    tenants,
    options,
  );
  const [first] = tenant;
  if (first !== undefined) return first.id;
  throw new FlowRunnerError("API_REFUSED", { operation: "the search for a tenant", problem: "it has no tenant" });
}
