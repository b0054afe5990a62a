import type { DueTaskRun, StartableRun } from "../../cloud/index.ts";
import { isScheduled, type State } from "../../state/index.ts";

/** What an agent does with a flow run that the API's queue names. */
export type StartDecision =
  /** Start it at that time (epoch milliseconds), and take these task runs out of the queue. */
  | { readonly kind: "start"; readonly at: number; readonly taskRuns: readonly DueTaskRun[] }
  | { readonly kind: "leave"; readonly why: string };

/** Prefect: milliseconds that a run's own process has for what it waits for, before an agent takes it for handed back. */
export const ownTime = 3_000;

/**
 * Decides about a flow run as Prefect's agents do: a scheduled one is started at its time; a Running one is started once
 * more when a task run of it is due (a long retry, a pause that somebody has ended) and no process sees to it.
 *
 * Prefect's agents start a container also when one is alive. Here the heartbeat tells, and a Queued run, which Prefect
 * leaves to its Lazarus process, is started like a Running one.
 *
 * @param aliveFor - age of the last heartbeat, milliseconds, up to which a process counts as alive
 * @param now - epoch milliseconds
 */
export function decideStart(run: StartableRun, aliveFor: number, now: number): StartDecision {
  const { state, heartbeat } = run;
  const taskRuns = run.taskRuns.filter(({ state: held }) => isDue(held, now));
  if (isScheduled(state)) {
    if (state.startTime === null) return leave("it is paused until somebody resumes it");
    return { kind: "start", at: state.startTime ?? now, taskRuns };
  }
  const isWaiting = state.type === "Queued" ? isDue(state, now) : state.type === "Running" && taskRuns.length > 0;
  if (!isWaiting) return leave(`it is ${state.type}`);
  if (heartbeat !== null && now - heartbeat < aliveFor) return leave("its process is alive");
  return { kind: "start", at: now, taskRuns };
}

const leave = (why: string): StartDecision => ({ kind: "leave", why });

/** Its time has come, and its own process has not used it. */
function isDue(state: State, now: number): boolean {
  if (!isScheduled(state) && state.type !== "Queued") return false;
  return state.startTime !== undefined && state.startTime !== null && state.startTime <= now - ownTime;
}
