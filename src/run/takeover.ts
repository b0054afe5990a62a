import type { Api, FlowRunInfo } from "../cloud/index.ts";
import type { Clock } from "../engine/index.ts";
import { isRunning, unwrap } from "../state/index.ts";

/** Whether a flow run is ours to run. */
export type Claim =
  | { readonly kind: "ours"; readonly info: FlowRunInfo; readonly takeover: boolean }
  /** Another container runs it, or has ended it meanwhile. */
  | { readonly kind: "left"; readonly info: FlowRunInfo; readonly message: string };

/** Milliseconds between two looks at the heartbeat of the other container. */
const lookEvery = 5_000;

export interface ClaimOptions {
  readonly api: Api;
  readonly info: FlowRunInfo;
  readonly clock: Clock;
  /** Age of the last heartbeat, milliseconds, from which the other container counts as gone. */
  readonly takeoverAfter: number;
  readonly signal: AbortSignal;
  log(message: string): void;
}

/**
 * Waits for a run that is Running already: one heartbeat more and it is somebody else's; none for long enough, and its
 * container is gone and the run is ours, with the task runs that it left Running.
 *
 * Prefect: two containers run the same run side by side, or neither goes on until a zombie killer has failed it.
 */
export async function claimRun(options: ClaimOptions): Promise<Claim> {
  const { api, info, clock, takeoverAfter, signal } = options;
  if (!isRunning(unwrap(info.state))) return { kind: "ours", info, takeover: false };
  const seen = info.heartbeat;
  // Without a heartbeat there is nothing to tell its age by: it gets the whole time from now.
  const due = (seen ?? clock.now()) + takeoverAfter;
  if (due > clock.now()) {
    const seconds = Math.ceil((due - clock.now()) / 1_000);
    options.log(`The run is Running already. Waiting up to ${seconds} s for a heartbeat of its container.`);
  }
  while (clock.now() < due && !signal.aborted) {
    await clock.until(Math.min(due, clock.now() + lookEvery), signal);
    const held = await api.flowRunState(info.id);
    if (held.heartbeat !== seen)
      return { kind: "left", info, message: "Another container runs this flow run: its heartbeat was renewed." };
    if (!isRunning(unwrap(held.state))) {
      return {
        kind: "left",
        info: { ...info, state: held.state },
        message: `The flow run has become ${held.state.type}.`,
      };
    }
  }
  if (signal.aborted)
    return { kind: "left", info, message: "The runner was stopped while it waited for another container." };
  options.log("The container that ran this flow run is gone; taking the run over.");
  return { kind: "ours", info: await api.flowRunInfo(info.id), takeover: true };
}
