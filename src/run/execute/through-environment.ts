import type { FlowOutcome } from "../../engine/index.ts";
import { runInEnvironment } from "../../environments/run-in-environment.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { type ExecutorPlan, planExecutor } from "../../executors/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import type { State } from "../../state/index.ts";
import { aborted, type Stop } from "./end/stop.ts";
import type { RunHost } from "./place/place.ts";

/** How a run ended, without its task runs. */
export type RunEnd = Omit<FlowOutcome, "runs">;

export interface ThroughEnvironment {
  readonly graph: FlowGraph;
  readonly host: RunHost;
  /** How many tasks may run at once where the environment says nothing. */
  readonly concurrency: number;
  /** The executor of an environment that names none; null: LocalExecutor. */
  readonly executor: string | null;
  /** Runs the flow itself. */
  runEngine(plan: ExecutorPlan): Promise<RunEnd>;
  /** Tells that the flow was never run, and why. */
  fail(message: string): Promise<RunEnd>;
  /** Is given what `runFlow()` of a custom environment does. */
  serve(runFlow: () => Promise<State>): void;
  warn(message: string): void;
  readonly stop: Pick<Stop, "signal" | "hostLate">;
}

/**
 * Runs the steps of the flow's environment, and the flow itself once. What goes wrong before or around the flow is a
 * Failed run that says which step; what goes wrong after it changes nothing: the first conclusion wins.
 */
export async function runThroughEnvironment(options: ThroughEnvironment): Promise<RunEnd> {
  const { graph, host, concurrency, warn, stop } = options;
  const environment = graph.environment.type;
  let end: RunEnd | null = null;
  let engine: Promise<RunEnd> | null = null;
  const runOnce = async (plan: ExecutorPlan): Promise<State> => {
    if (engine !== null) throw new FlowRunnerError("ENVIRONMENT_RAN_TWICE", { environment });
    engine = options.runEngine(plan);
    end = await engine;
    return end.state;
  };
  const executor = options.executor === null ? null : { type: options.executor };
  /** A stop does not wait for the steps before the flow, nor for ever for those after it. */
  const stopped = async (): Promise<void> => {
    await aborted(stop.signal);
    if (engine === null) return void (await runOnce(planExecutor(executor, concurrency)));
    await aborted(stop.hostLate);
    await engine;
  };
  options.serve(async () => runOnce(planExecutor(executor, concurrency)));
  let problem = `${environment} has ended without calling runFlow().`;
  try {
    const runFlow = async (plan: ExecutorPlan): Promise<void> => void (await runOnce(plan));
    const steps = runInEnvironment({ spec: graph.environment, host, concurrency, executor, runFlow, warn });
    await Promise.race([steps, stopped()]);
  } catch (error) {
    problem = messageOf(error);
    if (end !== null) warn(problem);
  }
  return end ?? options.fail(problem);
}
