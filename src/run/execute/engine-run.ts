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
function stopSignal({ hooks, host }: Execution, { lost, cancelled }: CloudRun): AbortSignal {
  const stop = new AbortController();
  const end = (reason: unknown): void => {
    stop.abort(reason);
    host.cancel("the flow run is stopped");
  };
  const causes: readonly [AbortSignal, () => unknown][] = [
    [lost, () => "lost"],
    [cancelled, () => "cancelled"],
    [hooks.signal, () => hooks.signal.reason],
  ];
  for (const [cause, reason] of causes) {
    if (cause.aborted) end(reason());
    else cause.addEventListener("abort", () => end(reason()), { once: true });
  }
  return stop.signal;
}
