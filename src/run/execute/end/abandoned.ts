import type { CloudRun, FlowRunInfo } from "../../../cloud/index.ts";
import { crashed, failed, isFinished, type StateType, unwrap } from "../../../state/index.ts";
import type { Execution } from "../open-execution.ts";
import type { RunEnd } from "../through-environment.ts";

const scheduledOrPaused: ReadonlySet<StateType> = new Set(["Scheduled", "Paused"]);

/**
 * With an API of Prefect 3 nobody goes on with a run that its process leaves unfinished, unless it was scheduled again:
 * what is refused, a pause that cannot be, would stay as it is for ever. There the run is told Failed, with why.
 */
export async function notAbandoned(
  { api, audience }: Execution,
  { id }: FlowRunInfo,
  cloud: CloudRun,
  end: RunEnd,
): Promise<RunEnd> {
  const open = end.conclusion === "handedBack" || end.conclusion === "left";
  // Who resumes it, or the API when it is due, has a process started for it.
  const goesOn = end.conclusion === "handedBack" && scheduledOrPaused.has(end.state.type);
  if (api.prefect3 === undefined || !open || goesOn || cloud.lost.aborted) return end;
  if (isFinished(unwrap((await api.flowRunState(id)).state))) return end;
  const message = `${end.message ?? "The run was left unfinished."} Nobody would go on with it.`;
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
