import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { cancelled, isFinished, unwrap } from "../../../state/index.ts";
import { submitBatch } from "../batch/submit.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { askInFull, heldFlowState } from "./held-states.ts";

/**
 * See `Api.cancelFlowRun`. An API of Prefect 0.7 knows no Cancelling: there the run is concluded at once (as Aborted, its
 * word for it), and its runner stops when it sees that.
 */
export async function cancelFlowRun(client: GraphqlClient, flowRunId: string, queueInterval: number): Promise<void> {
  if (client.dialect.lacks.has("cancel_flow_run")) return makeCancelled(client, flowRunId, queueInterval);
  await client.mutate({
    name: "cancel_flow_run",
    input: { flow_run_id: flowRunId },
    select: "state",
    row: z.unknown(),
    operation,
  });
}

const operation = "the cancellation of a flow run";

async function makeCancelled(client: GraphqlClient, flowRunId: string, queueInterval: number): Promise<void> {
  const held = await heldFlowState(askInFull(client, {}), flowRunId);
  if (held === null) throw new FlowRunnerError("FLOW_RUN_NOT_FOUND", { id: flowRunId, url: client.address });
  if (isFinished(unwrap(held.state))) return;
  const flowStates = [{ state: cancelled("Flow run is cancelled"), version: held.version }];
  const batch = { flowRunId, creations: [], taskStates: [], flowStates };
  const [ack] = (await submitBatch(client, batch, { queueInterval })).flowStates;
  if (ack?.status === "accepted") return;
  const problem = ack !== undefined && "reason" in ack ? ack.reason : "it gives no reason";
  throw new FlowRunnerError("API_REFUSED", { operation, problem });
}
