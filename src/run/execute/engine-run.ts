import type { CloudRun, FlowRunInfo } from "../../cloud/index.ts";
import { type FlowOutcome, runFlow, systemClock } from "../../engine/index.ts";
import type { ExecutorPlan } from "../../executors/index.ts";
import { guardedHost } from "../secrets/guarded-host.ts";
import type { RegisteredFlow } from "./load-registered.ts";
import type { Execution } from "./open-execution.ts";

export interface EngineRun {
  readonly info: FlowRunInfo;
  readonly flow: RegisteredFlow;
  readonly cloud: CloudRun;
  readonly plan: ExecutorPlan;
}

/** Milliseconds for the API to say that a run, whose process is told to stop, is cancelled. */
const lastLookMs = 1_500;

/** Runs the flow itself, until it is over or stopped. */
export async function runEngine(execution: Execution, run: EngineRun): Promise<FlowOutcome> {
  const { config, host, secrets, audience } = execution;
  const { graph, parameters } = run.flow;
  const signal = stopSignal(execution, run.cloud);
  await secrets.fetchInputs(graph, signal);
  return runFlow({
    graph,
    host: guardedHost(host, graph, secrets.masker),
    store: run.cloud.store,
    clock: systemClock,
    observer: audience.all,
    initialState: run.info.state,
    // The claim was ours alone: what is Running was left by a container that is gone.
    takeover: true,
    concurrency: run.plan.concurrency,
    parameters,
    checkpointing: config.checkpointing,
    checkpointRule: config.checkpointRule,
    signal,
    flavour: "Cloud",
    keepValues: false,
    longestWait: config.waitLimit,
  });
}

/** Aborts with what comes first: the run is another's, it is cancelled, or this process is to end. */
function stopSignal({ hooks, host }: Execution, { lost, cancelled, look }: CloudRun): AbortSignal {
  const stop = new AbortController();
  const end = (reason: unknown): void => {
    if (stop.signal.aborted) return;
    stop.abort(reason);
    host.cancel("the flow run is stopped");
  };
  // Who cancels a run may stop its container at once: it is to end Cancelled, not to be handed to another container.
  const told = async (): Promise<void> => {
    await look({ tries: 1, timeout: lastLookMs }).catch(() => null);
    end(hooks.signal.reason);
  };
  const causes: readonly [AbortSignal, () => unknown][] = [
    [lost, () => end("lost")],
    [cancelled, () => end("cancelled")],
    [hooks.signal, told],
  ];
  for (const [cause, act] of causes) {
    if (cause.aborted) act();
    else cause.addEventListener("abort", act, { once: true });
  }
  return stop.signal;
}
