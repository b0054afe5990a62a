import { messageOf } from "../../errors/message-of.ts";
import { failed, isFinished, isPending, running, type State, unwrap } from "../../state/index.ts";
import { failureMessage } from "../failure-message.ts";
import { type EngineContext, logFlow, type ToldStop } from "../plan/engine-context.ts";
import { isEnding, mayStart } from "../plan/may-start.ts";
import type { TaskRuns } from "../plan/task-run.ts";
import type { Leave } from "../ports.ts";
import { TaskLookup } from "../task/task-lookup.ts";
import { TaskRunner } from "../task/task-runner.ts";
import {
  cancelledByHand,
  endOf,
  endTaskRuns,
  isCutOff,
  parkTaskRuns,
  stoppedState,
  stopSentence,
} from "./early-end.ts";
import { finalState } from "./final-state.ts";
import { openContext } from "./flow-context.ts";
import type { FlowRunOptions } from "./flow-run-options.ts";
import { enterFlowState, type FlowTransition, terminalState } from "./flow-state.ts";
import { Releaser } from "./release.ts";
import { Scheduler } from "./scheduler.ts";

export type Conclusion =
  /** The state is final and in force. */
  | "finished"
  /** Something is left for another process: a long retry, a pause, a queue, an interruption. */
  | "handedBack"
  /** Some state could not be told to the store. */
  | "undelivered"
  /** The run was not ours to run: finished before, or refused. */
  | "left"
  /** The run stays as it is, for the process that is started in this one's place. */
  | "relinquished";

/** How a flow run ended in this process. */
export interface FlowOutcome {
  readonly state: State;
  readonly conclusion: Conclusion;
  readonly message: string | null;
  readonly runs: readonly TaskRuns[];
}

/**
 * Runs a flow to its end, or as far as this process may take it: Prefect 1.x's FlowRunner over a host, a store and a
 * clock. Always resolves; a defect of the host makes the run Failed with the reason.
 */
export async function runFlow(options: FlowRunOptions): Promise<FlowOutcome> {
  const { context, all } = openContext(options);
  const ended = (state: State, conclusion: Conclusion, message: string | null = null): FlowOutcome => ({
    state,
    conclusion,
    message,
    runs: all,
  });
  const entered = (moved: FlowTransition, old: State): FlowOutcome => {
    if (moved.kind === "entered") return ended(moved.state, "finished");
    if (moved.kind === "retried") return ended(moved.state, "handedBack", moved.state.message);
    if (moved.kind === "queued") return ended(old, "handedBack", "The API has queued this run.");
    return ended(old, moved.kind === "refused" ? "left" : "undelivered", moved.reason);
  };

  logFlow(context, "INFO", `Beginning Flow run for '${options.graph.name}'`);
  let state = unwrap(options.initialState);
  if (isFinished(state)) {
    logFlow(context, "INFO", "Flow run has already finished.");
    return ended(state, "left", "Flow run has already finished.");
  }
  // Its container has died before it could say so.
  if (state.type === "Cancelling") return entered(await enterFlowState(context, state, cancelledByHand()), state);
  if ((state.startTime ?? 0) > context.clock.now()) return ended(state, "handedBack", "The flow run is due later.");
  const lookup = new TaskLookup(context);
  const leavingAs = (): Leave | null => context.gate?.leaving.reason ?? null;
  const leave = async ({ state: next, isTold }: Leave): Promise<FlowOutcome> => {
    if (!isTold) return entered(await enterFlowState(context, state, next), state);
    context.observer.onFlowState?.(next);
    return ended(next, "handedBack", next.message);
  };
  const endEarly = async (): Promise<FlowOutcome> => {
    const onStop = endOf(context);
    const { reason } = context.signal;
    if (reason === "lost")
      return ended(state, "left", "Another container has taken this flow run over, or it was ended meanwhile.");
    if (reason === "cancelled") return entered(await enterFlowState(context, state, cancelledByHand()), state);
    if (reason === "relinquished" || onStop === "relinquish")
      return ended(state, "relinquished", "This process was told to stop; the next one goes on with the run.");
    // A run that is suspended goes on, whatever else becomes of one whose process is told to stop.
    const left = leavingAs();
    await endTaskRuns(context, all, lookup, left === null ? onStop : "reschedule");
    if (left !== null) return leave(left);
    const why = stopSentence(context.flavour, reason);
    const stopped = (as: ToldStop): Promise<FlowTransition> =>
      enterFlowState(context, state, stoppedState(as, why, context.clock.now()));
    const first = await stopped(onStop);
    // Nobody would be there for the flow's next attempt.
    const moved = first.kind === "retried" ? await stopped("crash") : first;
    const isLeft = moved.kind === "entered" && !isFinished(moved.state);
    return isLeft ? ended(moved.state, "handedBack", moved.state.message) : entered(moved, state);
  };
  // A run that is paused is not begun by a process that comes to it: somebody has to resume it.
  await mayStart(context);
  if (context.signal.aborted) return endEarly();
  const unbegun = leavingAs();
  if (unbegun !== null) return leave(unbegun);
  if (isPending(state)) {
    const moved = await enterFlowState(context, state, running("Running flow."));
    if (moved.kind === "queued" && context.signal.aborted) return endEarly();
    if (moved.kind !== "entered") return entered(moved, state);
    state = moved.state;
    if (isFinished(state)) return ended(state, "finished");
  }
  const runner = new TaskRunner(context);
  const defect = await runTasks(context, options, { runner, lookup });
  if (context.signal.aborted && (defect !== null || isCutOff(context, all))) return endEarly();
  const left = leavingAs();
  if (left !== null && defect === null && isCutOff(context, all)) {
    await parkTaskRuns(context, all);
    return leave(left);
  }
  const final =
    defect ?? finalState(context.plan.terminal.map(context.runsOf), context.plan.reference.map(context.runsOf));
  const untold = all.flatMap(({ each }) => each).find((run) => run.state.type === "ClientFailed");
  if (final === null || untold !== undefined) {
    logFlow(context, "INFO", "Flow run RUNNING: terminal tasks are incomplete.");
    if (untold === undefined) return ended(state, "handedBack", "Flow run RUNNING: terminal tasks are incomplete.");
    return ended(state, "undelivered", `${untold.fullName}: ${untold.state.message}`);
  }
  const told = defect ?? (await terminalState(context, final, (seen) => runner.bring(seen)));
  const concluded = await enterFlowState(context, state, told);
  if (concluded.kind === "entered")
    logFlow(context, "INFO", `Flow run ${concluded.state.type.toUpperCase()}: ${concluded.state.message}`);
  if (concluded.kind !== "retried") return entered(concluded, state);
  state = concluded.state;
  const due = state.startTime ?? context.clock.now();
  logFlow(
    context,
    "INFO",
    `Flow run ${told.type.toUpperCase()}: ${told.message} It is retried at ${new Date(due).toISOString()}.`,
  );
  await context.clock.until(due, context.signal);
  if (context.signal.aborted) return endEarly();
  const firstHandle = context.handles.next;
  context.host.release([[options.firstHandle ?? 1, firstHandle - (options.firstHandle ?? 1)]]);
  context.store.startOver?.();
  return runFlow({ ...options, initialState: state, firstHandle });
}

/** Runs all tasks. Resolves with null, or with the Failed state that a defect of the host leads to. */
async function runTasks(
  context: EngineContext,
  options: FlowRunOptions,
  { runner, lookup }: { readonly runner: TaskRunner; readonly lookup: TaskLookup },
): Promise<State | null> {
  const isKept = (runs: TaskRuns): boolean =>
    options.keepValues || (options.graph.hasTerminalStateHandler && context.plan.reference.includes(runs.task));
  const releaser = new Releaser(context, isKept);
  const advancer = {
    advance: async (run: TaskRuns["run"]) => {
      // Nothing is to be made in the store for what does not run any more.
      if (!isEnding(context)) await lookup.find(run);
      return runner.advance(run);
    },
    onSettled: (run: TaskRuns["run"]) => releaser.onSettled(run),
  };
  try {
    await new Scheduler(context, advancer, options.concurrency).run();
    await runner.allAcknowledged();
    return null;
  } catch (error) {
    const message = failureMessage("flow", messageOf(error));
    logFlow(context, "ERROR", message);
    return failed(message);
  }
}
