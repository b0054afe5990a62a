import { z } from "zod";
import { toWireTime } from "../../../state/index.ts";
import type { FlowRunRequest } from "../../port/registration.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

const createdRow = z.object({ id: z.string() });

export async function createFlowRun(client: GraphqlClient, request: FlowRunRequest): Promise<string> {
  const { flow, runConfig, labels, context, parameters } = request;
  const input = {
    ...("id" in flow ? { flow_id: flow.id } : { version_group_id: flow.versionGroupId }),
    // Sent twice when an answer is lost: with a key of its own, the second one finds the first one's run.
    idempotency_key: request.idempotencyKey ?? crypto.randomUUID(),
    ...(parameters === undefined ? {} : { parameters }),
    ...(context === undefined ? {} : { context }),
    ...(labels === undefined ? {} : { labels }),
    ...(runConfig === undefined ? {} : { run_config: runConfig }),
    ...(request.name === undefined ? {} : { flow_run_name: request.name }),
    ...(request.scheduledStartTime === undefined
      ? {}
      : { scheduled_start_time: toWireTime(request.scheduledStartTime) }),
  };
  const operation = "the creation of a flow run";
  const row = await client.mutate({ name: "create_flow_run", input, select: "id", row: createdRow, operation });
  return row.id;
}
