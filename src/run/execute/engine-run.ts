import type { CloudRun, FlowRunInfo } from "../../cloud/index.ts";
import { Crash, type FlowOutcome, runFlow, stopSentence } from "../../engine/index.ts";
import type { ExecutorPlan } from "../../executors/index.ts";
import { guardedHost } from "../secrets/guarded-host.ts";
import { hurriedHost } from "./end/hurried-host.ts";
import { aborted, lastLook } from "./end/stop.ts";
import { suspendForTasks } from "./end/suspend-for-tasks.ts";
import type { RegisteredFlow } from "./load/load-registered.ts";
import type { Execution } from "./open-execution.ts";

export interface EngineRun {
  readonly info: FlowRunInfo;
  readonly flow: RegisteredFlow;
  readonly cloud: CloudRun;
  readonly plan: ExecutorPlan;
}

/** Runs the flow itself, until it is over or stopped. */
export async function runEngine(execution: Execution, run: EngineRun): Promise<FlowOutcome> {
  const { api, config, host, secrets, audience, stop } = execution;
  const { graph, parameters } = run.flow;
  const signal = endSignal(execution, run.cloud);
  // Nothing is to begin while the API is asked whether it is a cancellation.
  if (stop.signal.aborted) await aborted(signal);
  await secrets.fetchInputs(graph, signal);
  const outcome = await runFlow({
    graph,
    host: hurriedHost(guardedHost(host, graph, secrets.masker), stop.hostLate),
    store: run.cloud.store,
    clock: execution.clock,
    observer: audience.all,
    initialState: run.info.state,
    // The claim was ours alone: what is Running was left by a container that is gone.
    takeover: true,
    concurrency: run.plan.concurrency,
    parameters,
    checkpointing: config.checkpointing,
    checkpointRule: config.checkpointRule,
    signal,
    ...(api.prefect3 === undefined ? {} : { gate: run.cloud.pauses }),
    onStop: config.onStop,
    flavour: "Cloud",
    keepValues: false,
    // Nobody starts a run of Prefect 3 again when its retry is due.
    longestWait: api.prefect3 === undefined ? config.waitLimit : Number.POSITIVE_INFINITY,
  });
  return suspendForTasks(execution, run.info.id, outcome);
}

/** Milliseconds that a host has to heed the end of its run, before it is ended. */
const heedMs = 5_000;

/** Aborts with what comes first: the run is another's, it is cancelled, it has lost its slot, or this process is to end. */
function endSignal({ api, config, stop, host, audience, control }: Execution, cloud: CloudRun): AbortSignal {
  const { lost, cancelled } = cloud;
  const controller = new AbortController();
  const end = (reason: unknown): void => {
    if (controller.signal.aborted) return;
    controller.abort(reason);
    host.cancel("the flow run is stopped", stop.within(heedMs));
  };
  const told = async (): Promise<void> => {
    const { reason } = stop.signal;
    audience.log("WARNING", `${stopSentence("Cloud", reason).replace("the", "The")}. Tasks that run are ended.`);
    await lastLook(cloud, stop);
    if (config.onStop === "reschedule") await cloud.pauses.suspendInstead();
    end(reason);
  };
  control?.onIntent((intent) => (intent === "cancel" ? cloud.cancel("the worker cancels it") : end("relinquished")));
  const slotLost = api.prefect3?.slotLost;
  const overLimit = (): void => {
    const why = `the slot of its deployment's concurrency limit is no longer its own: ${slotLost?.reason}`;
    audience.log("ERROR", `Tasks that run are ended, since ${why}`);
    // Prefect 3 does so, too.
    end(new Crash(why));
  };
  const causes: readonly (readonly [AbortSignal, () => unknown])[] = [
    [lost, () => end("lost")],
    [cancelled, () => end("cancelled")],
    [stop.signal, told],
    ...(slotLost === undefined ? [] : [[slotLost, overLimit] as const]),
  ];
  for (const [cause, act] of causes) {
    if (cause.aborted) act();
    else cause.addEventListener("abort", act, { once: true });
  }
  return controller.signal;
}
