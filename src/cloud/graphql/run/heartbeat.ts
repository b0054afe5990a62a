import { z } from "zod";
import type { CallOptions } from "../../api.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

export async function sendHeartbeat(client: GraphqlClient, flowRunId: string, options?: CallOptions): Promise<void> {
  await client.mutate(
    {
      name: "update_flow_run_heartbeat",
      input: { flow_run_id: flowRunId },
      select: "success",
      row: z.unknown(),
      operation: "the heartbeat",
      headers: { "X-PREFECT-HEARTBEAT-ID": flowRunId },
    },
    options,
  );
}
