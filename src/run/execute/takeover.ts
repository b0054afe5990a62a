import { type Api, claimFlowRun, type FlowRunInfo, type HeldFlowState } from "../../cloud/index.ts";
import type { Clock } from "../../engine/index.ts";
import { isRunning, type State, unwrap } from "../../state/index.ts";

/** Whether a flow run is ours to run. */
export type Claim =
  | { readonly kind: "ours"; readonly info: FlowRunInfo }
  /** Another container runs it, or has ended it meanwhile. */
  | { readonly kind: "left"; readonly state: State; readonly message: string };

const untold =
  "The run is Running already, and this API does not tell whether its container is alive. Set the run to Scheduled to have it started again.";

/** Milliseconds between two looks at the heartbeat of the other container. */
const lookEvery = 5_000;

export interface ClaimOptions {
  readonly api: Pick<Api, "flowRunInfo" | "flowRunState" | "submit">;
  readonly info: FlowRunInfo;
  /** The mark of this process in Running states. */
  readonly runnerId: string;
  readonly clock: Clock;
  /** Age of the last heartbeat, milliseconds, from which the other container counts as gone. */
  readonly takeoverAfter: number;
  readonly signal: AbortSignal;
  log(message: string): void;
}

/**
 * Waits for a run that is Running already: one heartbeat more and it is somebody else's; none for long enough, and its
 * container is gone and the run is ours, with the task runs that it left Running. Of several that wait, one gets it.
 *
 * Prefect: two containers run the same run side by side, or neither goes on until a zombie killer has failed it.
 *
 * @throws FlowRunnerError those of `Api`
 */
export async function claimRun(options: ClaimOptions): Promise<Claim> {
  const { api, info, runnerId, clock, signal } = options;
  const left = ({ state }: HeldFlowState, message: string): Claim => ({ kind: "left", state: unwrap(state), message });
  if (!isRunning(unwrap(info.state))) return { kind: "ours", info: dueByApi(info, clock.now()) };
  if (info.heartbeat === undefined) return left(info, untold);
  let seen: HeldFlowState = info;
  let due = dueAfter(seen, options);
  if (due > clock.now()) {
    const seconds = Math.ceil((due - clock.now()) / 1_000);
    options.log(`The run is Running already. Waiting up to ${seconds} s for a heartbeat of its container.`);
  }
  for (;;) {
    if (signal.aborted) return left(seen, "The runner was stopped while it waited for another container.");
    const isDue = clock.now() >= due;
    const isCancelling = unwrap(seen.state).type === "Cancelling";
    if (isDue) {
      // Nothing is to be run of a run that is to be cancelled: what is left to do is to say so.
      const ack = isCancelling ? null : await claimFlowRun(api, { id: info.id, version: seen.version }, runnerId);
      if (ack === null || ack.status === "accepted") {
        options.log("The container that ran this flow run is gone; taking the run over.");
        return { kind: "ours", info: await api.flowRunInfo(info.id) };
      }
      if (ack.status === "queued") return left(seen, "The API has queued this run.");
      if (ack.status === "refused" && ack.current?.type !== "Cancelling")
        return left(seen, `The flow run could not be taken over: ${ack.reason}`);
    } else {
      await clock.until(Math.min(due, clock.now() + lookEvery), signal);
      if (signal.aborted) continue;
    }
    const held = await api.flowRunState(info.id);
    const state = unwrap(held.state);
    if (!isRunning(state)) return left(held, `The flow run has become ${state.type}.`);
    if (held.version !== seen.version) {
      if (state.type === "Running") return left(held, "Another container has taken this flow run over.");
      // A cancellation by hand counts as a sign of life with some APIs, and is none.
      seen = held;
      due = dueAfter(seen, options);
    } else if (held.heartbeat !== seen.heartbeat) {
      return left(held, "Another container runs this flow run: its heartbeat was renewed.");
    }
  }
}

/**
 * Whether a run is due is for the API's clock to say: where that is ahead of the one here, each container that is started
 * for a run that is due now would leave it for later.
 */
function dueByApi(info: FlowRunInfo, now: number): FlowRunInfo {
  const state = unwrap(info.state);
  const { startTime } = state;
  // The API's time is cut to the second.
  const isDue = startTime != null && info.apiTime != null && startTime < info.apiTime + 1_000;
  return isDue && startTime > now ? { ...info, state: { ...state, startTime: now } } : info;
}

/**
 * The API writes a heartbeat's time by its own clock, which may be hours from the one here: by that clock it is told how
 * old the heartbeat is. Without a heartbeat there is nothing to tell an age by: it gets the whole time from now.
 */
function dueAfter({ heartbeat, apiTime }: HeldFlowState, { clock, takeoverAfter }: ClaimOptions): number {
  const now = clock.now();
  const age = heartbeat == null ? 0 : (apiTime ?? now) - heartbeat;
  return now + takeoverAfter - Math.max(0, age);
}
