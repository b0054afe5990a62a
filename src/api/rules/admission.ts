import { isFinished, isRunning, type StateType } from "../../state/index.ts";
import { Refusal } from "./refusal.ts";
import type { WireState } from "./wire-state.ts";

/** How long a Submitted flow run cannot be submitted again: it keeps two agents from starting it twice. */
export const submittedFor = 30_000;

export interface RunInForce {
  readonly id: string;
  readonly version: number;
}

/**
 * Version lock: a version that was sent must be the one in force; none, or null, is not checked.
 *
 * Prefect 1.x: Cloud answers VERSION_LOCKING_ERROR, on which a runner asks for the state and decides whether it is
 * still its run. Prefect Server ignores versions.
 *
 * @throws Refusal VERSION_LOCKING_ERROR
 */
export function checkVersion(kind: "flow run" | "task run", run: RunInForce, sent: number | null | undefined): void {
  if (sent === null || sent === undefined || sent === run.version) return;
  throw new Refusal(
    `State update failed for ${kind} ID ${run.id}: version ${sent} was sent, but version ${run.version} is in force.`,
    "VERSION_LOCKING_ERROR",
  );
}

/**
 * Prefect 1.x: a task run may be Running only while its flow run is exactly Running (not Cancelling).
 *
 * @throws Refusal
 */
export function checkFlowRunIsRunning(
  state: WireState,
  run: { readonly id: string; readonly flowRunId: string; readonly flowRunState: string | null },
): void {
  if (!isRunningType(state.type) || run.flowRunState === "Running") return;
  throw new Refusal(
    `State update failed for task run ID ${run.id}: provided a running state but associated flow run ${run.flowRunId} is not in a running state.`,
  );
}

/**
 * @param submittedAt When the flow run was last Submitted, epoch milliseconds.
 * @throws Refusal
 */
export function checkNotSubmittedTwice(state: WireState, submittedAt: number | null, now: number): void {
  if (state.type !== "Submitted" || submittedAt === null || now - submittedAt >= submittedFor) return;
  throw new Refusal("State update failed: this run has already been submitted.");
}

/** Prefect 1.x: cached inputs stay with a task run until a state brings others, so that a later retry finds them. */
export function carryCachedInputs(state: WireState, previous: WireState | null): WireState {
  if (hasKeys(state.cached_inputs) || !hasKeys(previous?.cached_inputs)) return state;
  return { ...state, cached_inputs: previous?.cached_inputs };
}

const hasKeys = (value: object | null | undefined): boolean =>
  value !== null && value !== undefined && Object.keys(value).length > 0;

/** Running or Cancelling. */
export const isRunningType = (type: StateType): boolean => isRunning({ type });
export const isFinishedType = (type: StateType): boolean => isFinished({ type });
