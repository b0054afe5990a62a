import { join } from "node:path";
import { type CloudRun, type Delivery, type FlowRunInfo, openCloudRun } from "../../cloud/index.ts";
import { cancelledByHand, type FlowOutcome, failureMessage, stoppedState, stopSentence } from "../../engine/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { hostUser, killsAll } from "../../host/index.ts";
import { failed, isFinished, type State } from "../../state/index.ts";
import { maskedState, maskedStore } from "../secrets/masked.ts";
import { notAbandoned } from "./end/abandoned.ts";
import { aborted, lastLook } from "./end/stop.ts";
import { runEngine } from "./engine-run.ts";
import { keyWarning } from "./exposed-key.ts";
import { loadRegistered } from "./load/load-registered.ts";
import { ranWithText } from "./load/ran-with.ts";
import type { Execution } from "./open-execution.ts";
import { type RunEnd, runThroughEnvironment } from "./through-environment.ts";

/** How the execution of a flow run ended in this process. */
export interface ExecuteOutcome extends Pick<FlowOutcome, "state" | "conclusion" | "message"> {
  /** What could not be told to the API, and where it is kept. */
  readonly delivery: Delivery;
}

/**
 * Executes a flow run that is this process's: loads the flow, runs it through its environment, delivers what is left.
 *
 * @param runnerId - the mark of this process in Running states
 * @throws FlowRunnerError why the run cannot begin; the API knows it then
 */
export async function runClaimed(execution: Execution, info: FlowRunInfo, runnerId: string): Promise<ExecuteOutcome> {
  const { masker } = execution.secrets;
  const cloud = bindToApi(execution, info, runnerId);
  cloud.start();
  execution.telemetry.begin({ id: info.id, name: info.name, flow: info.flow.name });
  sayIgnored(execution);
  if (killsAll()) execution.audience.warn(killsAllWarning);
  const { apiKey, hostUser: chosen } = execution.config;
  const inReach = keyWarning(apiKey, hostUser(process.env) !== null, chosen !== null);
  if (inReach !== null) execution.audience.warn(inReach);
  let end: RunEnd;
  try {
    const [unreadable] = info.unreadable;
    if (unreadable !== undefined) throw unreadable;
    end = await notAbandoned(execution, info, cloud, await loadAndRun(execution, info, cloud));
  } catch (error) {
    await cloud.store.setFlowState(failed(failureMessage("start", messageOf(error))));
    await cloud.close();
    throw error;
  }
  const { summary } = execution.usage;
  if (summary !== null) execution.audience.log("INFO", summary);
  const delivery = await cloud.close();
  const message = end.message === null ? null : masker.mask(end.message);
  return { ...end, state: maskedState(end.state, masker), message, delivery };
}

const killsAllWarning =
  "Should a task take more memory than the container has, the kernel ends this runner with it (memory.oom.group is 1), and nobody is left to say so: the run stays Running until somebody finds it without a heartbeat. On Kubernetes the kubelet's singleProcessOOMKill turns that off.";

const retriesUnkept =
  "The flow's own retries (maxRetries) have no effect: of Prefect's APIs only that of Prefect 3 keeps them. `flow-runner retry` has a failed run go on, and a task's own retries are kept.";

/** Nobody is to look for what a setting of Prefect's has done to the run when it has done nothing. */
function sayIgnored({ config, audience }: Execution): void {
  for (const { name, why, changesRun } of config.ignored) {
    audience.log(changesRun ? "WARNING" : "DEBUG", `${name} is set and has no effect. ${why}`);
  }
}

/** The API is told the run's states and log, with the secrets masked. */
function bindToApi(
  { api, config, secrets, audience, besideClock, bind }: Execution,
  info: FlowRunInfo,
  runnerId: string,
): CloudRun {
  const cloud = openCloudRun({
    api,
    info,
    runnerId,
    clock: besideClock,
    keepIn: join(config.prefectFolder, "undelivered"),
    heartbeatInterval: config.heartbeatInterval,
    heartbeats: config.heartbeatMode !== "off",
    cancellationInterval: config.cancellationInterval,
    takeoverAfter: config.takeoverAfter,
    logInterval: config.logInterval,
    sendLogs: config.sendLogs,
    logLevel: config.logLevel,
    warn: (message) => audience.warn(message),
    log: (message) => audience.log("INFO", message),
  });
  audience.join(cloud.observer);
  bind({ id: info.id, clock: besideClock, pauses: cloud.pauses, over: cloud.over });
  return { ...cloud, store: maskedStore(cloud.store, secrets.masker) };
}

async function loadAndRun(execution: Execution, info: FlowRunInfo, cloud: CloudRun): Promise<RunEnd> {
  const { config, host, secrets, audience, stop } = execution;
  const flow = await Promise.race([loadRegistered(execution, info), aborted(stop.signal)]);
  if (flow === undefined) return stopBeforeFlow(execution, info, cloud);
  if (flow.replaced !== null) audience.warn(flow.replaced);
  if (flow.ranWith !== null) audience.log("INFO", ranWithText(flow.ranWith));
  for (const difference of flow.warnings) audience.warn(difference);
  if (execution.api.prefect3 === undefined && (flow.graph.maxRetries ?? 0) > 0) audience.warn(retriesUnkept);
  cloud.plan(flow.graph);
  secrets.provide(flow.graph, host);
  execution.usage.plan(flow.graph);
  execution.hooks.plan?.(flow.graph);
  return runThroughEnvironment({
    graph: flow.graph,
    host,
    concurrency: config.concurrency,
    executor: config.executor,
    runEngine: (plan) => runEngine(execution, { info, flow, cloud, plan }),
    fail: (reason) => failEnvironment(execution, cloud, reason),
    serve: (runFlow) => execution.serve(runFlow),
    warn: (message) => audience.warn(message),
    stop,
  });
}

async function failEnvironment(execution: Execution, cloud: CloudRun, message: string): Promise<RunEnd> {
  return tellEnd(execution, cloud, failed(failureMessage("environment", message)), message);
}

/** The flow's file may take its time, or for ever: no task of this process has begun. */
async function stopBeforeFlow(execution: Execution, info: FlowRunInfo, cloud: CloudRun): Promise<RunEnd> {
  const { config, control, stop } = execution;
  await lastLook(cloud, stop);
  if (cloud.lost.aborted)
    return { state: info.state, conclusion: "left", message: "Another container has this flow run." };
  const why = stopSentence("Cloud", stop.signal.reason);
  const isCancelled = cloud.cancelled.aborted || control?.intent === "cancel";
  const { onStop } = config;
  if (isCancelled) return tellEnd(execution, cloud, cancelledByHand(), why);
  if (onStop === "relinquish" || control?.intent != null)
    return { state: info.state, conclusion: "relinquished", message: why };
  const state = stoppedState(onStop, why, execution.clock.now());
  return tellEnd(execution, cloud, state, state.message ?? why);
}

async function tellEnd({ audience }: Execution, cloud: CloudRun, state: State, message: string): Promise<RunEnd> {
  const ack = await cloud.store.setFlowState(state);
  audience.all.onFlowState?.(state);
  if (ack.status !== "accepted") return { state, conclusion: "undelivered", message: `${message} (${ack.status})` };
  return { state, conclusion: isFinished(state) ? "finished" : "handedBack", message };
}
