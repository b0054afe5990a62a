import { z } from "zod";
import { cancelledByHand } from "../../../engine/index.ts";
import type { State } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";

const policyShape = z.object({ empirical_policy: z.looseObject({ retry_type: z.string().nullish() }).catch({}) });

/** As Prefect 3's runner says it of a run that it has stopped; what a flow's own handlers say stays. */
export const cancelledAsThere = (state: State): State =>
  state.type === "Cancelled" && state.message === cancelledByHand().message
    ? { ...state, message: "Flow run was cancelled successfully." }
    : state;

/** The state in which Prefect 3 hands a flow run to another process: `prefect flow-run execute` proposes AwaitingRetry. */
export const handedBack = (state: State): State =>
  state.type === "Scheduled" ? { ...state, type: "Retrying" } : state;

/**
 * Lets workers have a flow run again. One that was retried as a whole is kept from them ("in_process"), since its process
 * is there to go on with it; this one will not be.
 *
 * @throws FlowRunnerError those of `RestClient`
 */
export async function openToWorkers(client: RestClient, flowRunId: string, options?: CallOptions): Promise<void> {
  const path = `/flow_runs/${flowRunId}`;
  const operation = "who may go on with the flow run";
  const asked = await client.send({ operation, method: "GET", path, shape: policyShape }, options);
  const { empirical_policy: policy } = asked;
  if (policy.retry_type !== "in_process") return;
  const body = { empirical_policy: { ...policy, retry_type: "reschedule" } };
  await client.send({ operation, method: "PATCH", path, body, shape: z.unknown() }, options);
}
