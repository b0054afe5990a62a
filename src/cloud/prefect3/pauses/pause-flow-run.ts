import { toWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { PauseAnswer, PauseRequest, PausesApi } from "../../port/pauses.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { Orchestrated } from "../run/flow-run-answers.ts";
import { fetchFlowRun } from "../run/flow-run-info.ts";
import { alreadyMade, proposeState } from "../run/propose-state.ts";
import { keysetOf } from "./keyset.ts";
import { askAnew, askForInput, givenInput } from "./run-inputs.ts";

export const pausesApi = (client: RestClient): PausesApi => ({
  pause: (flowRunId, request, options) => pauseFlowRun(client, flowRunId, request, options),
  pauseInput: (flowRunId, pause, options) => givenInput(client, flowRunId, pause, options),
  suspendPaused: (flowRunId, options) => suspendPaused(client, flowRunId, options),
});

/**
 * Proposes that a flow run pauses, and stores what it asks for. Prefect 3: `pause_flow_run`, `suspend_flow_run`.
 *
 * @throws FlowRunnerError those of `RestClient`
 */
async function pauseFlowRun(
  client: RestClient,
  flowRunId: string,
  request: PauseRequest,
  options?: CallOptions,
): Promise<PauseAnswer> {
  const { input } = request;
  const keyset = keysetOf(request);
  const isNew = input === null || (await askForInput(client, flowRunId, keyset, input, options));
  const state = pausedState(request, crypto.randomUUID());
  const proposed = { operation: "the pause of the flow run", state, force: false };
  const answer = await proposeState(client, flowRunId, proposed, options);
  const said = answerOf(answer, request);
  if (said.kind === "paused" && input !== null && !isNew) await askAnew(client, flowRunId, keyset, input, options);
  return said;
}

/**
 * Makes a suspension of a pause that lasts, so that its process may leave: it is resumed as before, by another process.
 * Resolves with false where that cannot be: it is not paused any more, it has no deployment, it is a subflow.
 */
async function suspendPaused(client: RestClient, flowRunId: string, options?: CallOptions): Promise<boolean> {
  const { state: held, deployment_id, parent_task_run_id } = await fetchFlowRun(client, flowRunId, options);
  if (held?.type !== "PAUSED" || deployment_id == null || parent_task_run_id != null) return false;
  const { pause_key, pause_timeout, run_input_keyset } = held.state_details ?? {};
  const details = { pause_key, pause_timeout, run_input_keyset, pause_reschedule: true };
  const state = { type: "PAUSED", name: "Suspended", state_details: details };
  // By its rules a run that is paused cannot be paused.
  const proposed = { operation: "the suspension of the flow run", state, force: true };
  const { status } = await proposeState(client, flowRunId, proposed, options);
  return status === "ACCEPT";
}

/** The state as the API takes it. */
function pausedState(request: PauseRequest, transitionId: string): object {
  const { key, suspend, until, input, message } = request;
  return {
    type: "PAUSED",
    name: suspend ? "Suspended" : "Paused",
    message,
    state_details: {
      transition_id: transitionId,
      pause_key: key,
      pause_reschedule: suspend,
      ...(until === null ? {} : { pause_timeout: toWireTime(until) }),
      ...(input === null ? {} : { run_input_keyset: keysetOf(request) }),
    },
  };
}

/** How it says that a run was paused under this key before. */
const alreadyFired = /already fired/i;

/** What the orchestrator's answer means. A REJECT tells the state that the run is in instead. */
export function answerOf({ status, state, details }: Orchestrated, { key }: Pick<PauseRequest, "key">): PauseAnswer {
  const reason = details.reason ?? `the API answered ${status}`;
  if (status === "ACCEPT" || alreadyMade.test(reason)) return { kind: "paused" };
  if (status === "REJECT" && state?.type === "PAUSED")
    // Ours, when the process that asked for it has died and this one goes on.
    return state.state_details?.pause_key === key ? { kind: "paused" } : { kind: "busy" };
  if (status === "REJECT" && state?.type === "RUNNING" && alreadyFired.test(reason)) return { kind: "passed" };
  return { kind: "refused", reason };
}
