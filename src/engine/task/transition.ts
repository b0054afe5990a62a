import { failed, isFinished, makeState, type State } from "../../state/index.ts";
import { failureMessage } from "../failure-message.ts";
import { type EngineContext, logTask } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import type { Ack } from "../ports.ts";

/** What became of a state that a task run was to enter. */
export type Transition =
  /** It is in force (or a state handler's replacement is). */
  | { readonly kind: "entered"; readonly state: State }
  /** A concurrency limit: the old state stays, try again at `until`, or when `sooner` resolves. */
  | { readonly kind: "queued"; readonly until: number; readonly sooner?: Promise<void> | undefined }
  /** Somebody else owns the run, or the API could not be told: leave it. */
  | { readonly kind: "left" };

/** Moves a task run into a state: its state handlers first, then the store, then everybody who watches. */
export async function transition(context: EngineContext, run: TaskRun, next: State): Promise<Transition> {
  const state = await handled(context, run, next);
  return settleAck(context, run, state, await send(context, run, state));
}

/** Sends a state without waiting; the caller sees to the answer. */
export function send(context: EngineContext, run: TaskRun, state: State): Promise<Ack> {
  if (run.entry === null) throw new TypeError(`${run.fullName} was never looked up in the store`);
  return context.store.setTaskState(run.entry, state);
}

/** Adds what every state of a task carries, and lets the task's own handlers replace it. */
export async function handled(context: EngineContext, run: TaskRun, next: State): Promise<State> {
  const { spec } = run.task;
  const state: State = { ...next, context: { tags: spec.tags, ...next.context } };
  if (!spec.hasStateHandlers) return state;
  const outcome = await context.host.call({
    fn: "taskStateHandlers",
    slug: spec.slug,
    mapIndex: run.mapIndex,
    old: run.state,
    new: state,
    handle: isFinished(state) ? run.handle : null,
  });
  if (outcome.kind === "ok") return outcome.state ?? state;
  if (outcome.kind === "signal") return signalled(run, outcome.state);
  return failed(failureMessage("stateHandlers", outcome.error));
}

/** A state that a handler or a trigger asked for by a signal: a retry is one of the attempt that is under way. */
export function signalled(run: TaskRun, state: State): State {
  return state.type === "Retrying" ? { ...state, runCount: run.runCount } : state;
}

/** Takes the store's answer to a state into the task run. */
export function settleAck(context: EngineContext, run: TaskRun, state: State, ack: Ack): Transition {
  switch (ack.status) {
    case "accepted":
      enterState(context, run, state);
      return { kind: "entered", state };
    case "queued":
      return { kind: "queued", until: ack.startTime, sooner: ack.sooner };
    case "refused":
      logTask(context, run, "WARNING", `the API refused the state ${state.type}: ${ack.reason}`);
      if (ack.current !== null && isFinished(ack.current)) enterState(context, run, ack.current);
      else run.state = ack.current ?? makeState("ClientFailed", ack.reason, { wrapped: state });
      return { kind: "left" };
    case "undelivered":
      logTask(context, run, "ERROR", `the state ${state.type} could not be delivered: ${ack.reason}`);
      run.state = makeState("ClientFailed", ack.reason, { wrapped: state });
      return { kind: "left" };
  }
}

function enterState(context: EngineContext, run: TaskRun, state: State): void {
  run.state = state;
  if (run.entry !== null) context.observer.onTaskState?.(run.entry, state);
}
