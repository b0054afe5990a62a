import { z } from "zod";
import { toWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

export interface QueueQuery {
  readonly tenantId: string;
  /** Epoch milliseconds. */
  readonly before: number;
  readonly labels: readonly string[];
}

/** The queue of an agent, the longest due first; Prefect's servers name at most 25. */
export async function fetchDueFlowRuns(
  client: GraphqlClient,
  { tenantId, before, labels }: QueueQuery,
  options?: CallOptions,
): Promise<readonly string[]> {
  const row = await client.mutate(
    {
      name: "get_runs_in_queue",
      input: { tenant_id: tenantId, before: toWireTime(before), labels },
      select: "flow_run_ids",
      row: z.object({ flow_run_ids: z.array(z.string()) }),
      operation: "the question which flow runs are due",
    },
    options,
  );
  return row.flow_run_ids;
}
