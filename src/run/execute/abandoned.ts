import type { CloudRun, FlowRunInfo } from "../../cloud/index.ts";
import { crashed, failed, isFinished, unwrap } from "../../state/index.ts";
import type { Execution } from "./open-execution.ts";
import type { RunEnd } from "./through-environment.ts";

/**
 * With an API of Prefect 3 nobody goes on with a run that its process leaves unfinished, unless it was scheduled again:
 * what would be handed back elsewhere (a task that is paused), or is refused, would stay as it is for ever. There the run
 * is told Failed, with why.
 */
export async function notAbandoned(
  { api, audience }: Execution,
  { id }: FlowRunInfo,
  cloud: CloudRun,
  end: RunEnd,
): Promise<RunEnd> {
  const open = end.conclusion === "handedBack" || end.conclusion === "left";
  const scheduledAgain = end.conclusion === "handedBack" && end.state.type === "Scheduled";
  if (api.prefect3 === undefined || !open || scheduledAgain || cloud.lost.aborted) return end;
  if (isFinished(unwrap((await api.flowRunState(id)).state))) return end;
  const message = `${end.message ?? "The run was left unfinished."} With an API of Prefect 3, flow-runner does not pause runs yet, and nobody would go on with it.`;
  let state = failed(message);
  let ack = await cloud.store.setFlowState(state);
  // The flow's own retries are not for what would end like this again.
  if (ack.status === "refused" && ack.current?.type === "Retrying") {
    state = crashed(message);
    ack = await cloud.store.setFlowState(state);
  }
  if (ack.status !== "accepted") return end;
  audience.all.onFlowState?.(state);
  return { state, conclusion: "finished", message };
}
