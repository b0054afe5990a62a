import { cancelled, crashed, failed, isFinished, makeState, pending, type State, unwrap } from "../../state/index.ts";
import type { EngineContext, OnStop, ToldStop } from "../plan/engine-context.ts";
import type { TaskRun, TaskRuns } from "../plan/task-run.ts";
import { cutOff } from "../task/entry-state.ts";
import type { TaskLookup } from "../task/task-lookup.ts";
import { transition } from "../task/transition.ts";

/**
 * A reason of the run's signal that makes the run Crashed, whatever a stop of its process does.
 *
 * @example new Crash("the lease is lost")
 */
export class Crash {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** What the end of a run that is over before its time makes of it. */
export const endOf = ({ signal, onStop }: EngineContext): OnStop => (signal.reason instanceof Crash ? "crash" : onStop);

/**
 * Why it is over: `the container was told to stop (SIGTERM)`.
 *
 * @param reason - of the signal; the name of what came, where it is one
 */
export function stopSentence(flavour: EngineContext["flavour"], reason: unknown): string {
  if (reason instanceof Crash) return reason.why;
  const name = typeof reason === "string" ? ` (${reason})` : "";
  return `the ${flavour === "Cloud" ? "container" : "run"} was told to stop${name}`;
}

/** Whether a run that is told to end has something left to do; what was done when the word came is over as it would be. */
export const isCutOff = ({ signal }: EngineContext, all: readonly TaskRuns[]): boolean =>
  signal.reason === "cancelled" || signal.reason === "lost" || all.some(({ each }) => each.some((run) => run.cutOff));

export const cancelledByHand = (): State => cancelled("Flow run is cancelled");

/** The flow run's state when its process is told to stop before its end. @param now - epoch milliseconds */
export function stoppedState(onStop: ToldStop, why: string, now: number): State {
  if (onStop === "fail") return failed(`Flow run stopped: ${why}.`);
  if (onStop === "crash") return crashed(`Flow run stopped: ${why}.`);
  return makeState("Scheduled", `Flow run goes on elsewhere: ${why}.`, { startTime: now });
}

/**
 * Tells what became of the task runs that a stop has cut off, so that none stays Running, or waits for ever in a flow run
 * that is over. Children that nobody has asked for yet are not made for it.
 */
export async function endTaskRuns(
  context: EngineContext,
  all: readonly TaskRuns[],
  lookup: TaskLookup,
  onStop: ToldStop,
): Promise<void> {
  await Promise.all(all.map(({ run }) => lookup.find(run)));
  const why = stopSentence(context.flavour, context.signal.reason);
  const open = all.flatMap(({ each }) => each).filter(({ entry, state }) => entry !== null && !isFinished(state));
  await Promise.all(
    open.map(async (run) => {
      const next = endings[onStop](run, why);
      if (next !== null) await transition(context, run, next);
    }),
  );
}

/** The process leaves the run: what it has broken off goes on from where it was, in the one that comes after it. */
export async function parkTaskRuns(context: EngineContext, all: readonly TaskRuns[]): Promise<void> {
  const parked = all.flatMap(({ each }) => each).filter(({ cutOff }) => cutOff);
  await Promise.all(
    parked.map(async (run) => {
      const next = startingAgain(run, "it goes on when the flow run is resumed");
      if (next !== null) await transition(context, run, next);
    }),
  );
}

type Ending = (run: TaskRun, why: string) => State | null;

const isRunning = ({ state }: TaskRun): boolean => unwrap(state).type === "Running";

const ended = (run: TaskRun, why: string): State =>
  cutOff(unwrap(run.state), `${isRunning(run) ? "Cut off while it ran" : "Not run"}: ${why}.`);

/** Prefect 3 has no task runs of what has not begun. */
const crashing: Ending = (run, why) => (isRunning(run) ? { ...ended(run, why), crashed: true } : null);

/** In the same attempt and, in a loop, the same iteration, which its Running tells; what waits may go on waiting. */
function startingAgain(run: TaskRun, why: string): State | null {
  if (!isRunning(run)) return null;
  const { context, result } = unwrap(run.state);
  return pending(`Starts again with the flow run: ${why}.`, { context, result });
}

const endings: Readonly<Record<ToldStop, Ending>> = { fail: ended, crash: crashing, reschedule: startingAgain };
