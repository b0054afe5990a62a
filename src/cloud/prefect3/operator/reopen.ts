import { setTimeout as pause } from "node:timers/promises";
import { isUuid } from "../../../config/uuid.ts";
import type { Ack } from "../../../engine/index.ts";
import { fromWireTime, isFinished, makeState, type State } from "../../../state/index.ts";
import { fromWire3 } from "../../../state/wire/index.ts";
import type { Api } from "../../port/api.ts";
import type { Batch, BatchAnswers } from "../../port/batch.ts";
import type { RestClient } from "../client/rest-client.ts";
import { fetchFlowRun } from "../run/flow-run-info.ts";
import { handedBack, openToWorkers } from "../run/hand-back.ts";
import { setFlowState } from "../run/set-flow-state.ts";
import { taskRunsById } from "../task-runs/recorded-task-runs.ts";

/** Milliseconds for the API to record what it was told of task runs, and between two looks. */
const patience = 60_000;
const pace = 200;

const accepted: Ack = { status: "accepted" };
const unrecorded: Ack = { status: "undelivered", reason: "the API has not recorded within a minute what it was told" };

/**
 * Sets states by a person's word; see `Api.submit`. A flow run that is over begins again. Where a worker is to start it
 * (Scheduled), it is forced to, as by the button "Retry" of the API's pages; in this process otherwise.
 */
export async function reopen(
  client: RestClient,
  api: Pick<Api, "flowRunInfo" | "taskRunStates" | "submit">,
  { flowRunId, taskStates, flowStates }: Batch,
): Promise<BatchAnswers> {
  const acks = await setBack(client, api, flowRunId, taskStates);
  const flowAcks: Ack[] = [];
  for (const { state } of flowStates) flowAcks.push(await reopenFlowRun(client, flowRunId, state));
  return {
    creations: [],
    taskStates: taskStates.map(({ taskRunId }) => acks.get(taskRunId) ?? accepted),
    flowStates: flowAcks,
  };
}

async function setBack(
  client: RestClient,
  api: Pick<Api, "flowRunInfo" | "taskRunStates" | "submit">,
  flowRunId: string,
  items: Batch["taskStates"],
): Promise<ReadonlyMap<string, Ack>> {
  // A mapped task as a whole is nothing of the API's, and has no id of it.
  const known = items.filter(({ taskRunId }) => isUuid(taskRunId));
  if (known.length === 0) return new Map();
  const ids = known.map(({ taskRunId }) => taskRunId);
  await api.flowRunInfo(flowRunId);
  await api.taskRunStates(ids);
  const began = Date.now();
  const answers = (await api.submit({ flowRunId, creations: [], taskStates: known, flowStates: [] })).taskStates;
  if (answers.every(({ status }) => status === "accepted") && !(await isRecorded(client, ids, began)))
    return new Map(ids.map((id) => [id, unrecorded]));
  return new Map(ids.map((id, at) => [id, answers[at] ?? accepted]));
}

/** A process that is started before the API has recorded them would find the states of before. */
async function isRecorded(client: RestClient, ids: readonly string[], began: number): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end; await pause(pace)) {
    const rows = await taskRunsById(client, ids);
    if (rows.every(({ state }) => (fromWireTime(state?.timestamp ?? "") ?? 0) >= began)) return true;
  }
  return false;
}

async function reopenFlowRun(client: RestClient, id: string, state: State): Promise<Ack> {
  const { state: held, deployment_id: deployment = null } = await fetchFlowRun(client, id);
  const current = held == null ? null : fromWire3(held, `flow run ${id}`);
  // What is forced is not looked at by the API: somebody else may have been faster.
  if (current !== null && !isFinished(current))
    return { status: "refused", reason: `it is ${held?.name ?? current.type}`, current };
  if (state.type !== "Scheduled") return takeHere(client, id, state, { current, isDeployed: deployment !== null });
  await openToWorkers(client, id);
  return (await setFlowState(client, id, handedBack(state), crypto.randomUUID(), { force: true })).ack;
}

/**
 * Has a flow run that is over go on in a process that is there: Pending, as a worker makes it that has taken the run, so
 * that none takes it meanwhile. By the orchestrator's rules, which give the run a slot of its deployment's limit. They let
 * a cancelled run be Pending by way of Scheduled alone, and one that is of no deployment not at all.
 */
async function takeHere(
  client: RestClient,
  id: string,
  state: State,
  { current, isDeployed }: { readonly current: State | null; readonly isDeployed: boolean },
): Promise<Ack> {
  const isCancelled = current?.type === "Cancelled";
  const propose = async (proposed: State, force = false): Promise<Ack> =>
    (await setFlowState(client, id, proposed, crypto.randomUUID(), { force })).ack;
  if (isCancelled && isDeployed) {
    const scheduled = makeState("Scheduled", state.message, { startTime: Date.now() });
    const ack = await propose(handedBack(scheduled));
    if (ack.status !== "accepted") return ack;
  }
  const ack = await propose(state, isCancelled && !isDeployed);
  if (ack.status === "refused" && current !== null) {
    // In the place of a slot that is not free the API schedules the run, for a worker to go on with it later, or cancels it.
    const { state: now } = await fetchFlowRun(client, id);
    if (now?.type === "SCHEDULED" || now?.type === "CANCELLED") await propose(current, true);
  }
  return ack;
}
