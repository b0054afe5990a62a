import { join } from "node:path";
import { type Api, type CloudRun, type Delivery, type FlowRunInfo, openApi, openCloudRun } from "../../cloud/index.ts";
import type { RunnerConfig } from "../../config/index.ts";
import { type FlowOutcome, type LogLevel, type RunObserver, runFlow, systemClock } from "../../engine/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import type { ExecutorPlan } from "../../executors/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import { ChildHost, type SpawnedHost } from "../../host/index.ts";
import { failed, isFinished, type State, unwrap } from "../../state/index.ts";
import { guardedHost } from "../secrets/guarded-host.ts";
import { maskedError, maskedObserver, maskedState, maskedStore } from "../secrets/masked.ts";
import { openRunSecrets, type RunSecrets } from "../secrets/run-secrets.ts";
import { loadRegistered, type RegisteredFlow } from "./load-registered.ts";
import { inBoth } from "./observers.ts";
import { claimRun } from "./takeover.ts";
import { type RunEnd, runThroughEnvironment } from "./through-environment.ts";

/** What the caller of a run is told, and how it can stop it. */
export interface ExecuteHooks {
  readonly observer: RunObserver;
  /** Aborts with the name of the signal that came (`SIGTERM`). */
  readonly signal: AbortSignal;
  /** The flow is loaded and about to run. */
  plan?(graph: FlowGraph): void;
  /** A host that boots already (`spawnHost`); left out: one is started. */
  readonly host?: SpawnedHost | undefined;
}

/** How the execution of a flow run ended in this process. */
export interface ExecuteOutcome extends Pick<FlowOutcome, "state" | "conclusion" | "message"> {
  /** What could not be told to the API, and where it is kept. */
  readonly delivery: Delivery;
}

/**
 * Executes the flow run that the environment names, as an agent's container does: asks the API for it, loads its
 * artifact, runs `environment.setup` and `environment.execute`, and tells every state.
 *
 * A run that cannot begin is told to the API as Failed before the error is thrown.
 *
 * @throws FlowRunnerError those of the API (`FLOW_RUN_NOT_FOUND`, `API_…`), of the artifact (`ARTIFACT_…`) and
 *   `PARAMETER_MISSING`
 * @example
 * ```ts
 * const { state } = await executeFlowRun(parseRunnerEnvironment(process.env), { observer: {}, signal });
 * ```
 */
export async function executeFlowRun(config: RunnerConfig, hooks: ExecuteHooks): Promise<ExecuteOutcome> {
  const execution = new Execution(config, hooks);
  return execution.run();
}

/** Not ours to run: nothing was told to the API. */
function leave(state: State, message: string): ExecuteOutcome {
  const delivery = { complete: true, states: 0, logs: 0, files: [] };
  return { state, conclusion: "left", message, delivery };
}

class Execution {
  readonly #config: RunnerConfig;
  readonly #hooks: ExecuteHooks;
  readonly #host: ChildHost;
  readonly #api: Api;
  readonly #secrets: RunSecrets;
  /** Set once the run is known. */
  #runFlow: () => Promise<State>;
  #observer: RunObserver;

  constructor(config: RunnerConfig, hooks: ExecuteHooks) {
    this.#config = config;
    this.#hooks = hooks;
    this.#observer = hooks.observer;
    this.#api = openApi({
      url: config.apiUrl,
      key: config.apiKey,
      tenantId: config.tenantId,
      outageBudget: config.outageBudget,
      requestTimeout: config.requestTimeout,
      queueInterval: config.queueInterval,
      warn: (message) => this.#warn(message),
    });
    this.#secrets = openRunSecrets(config, this.#api, (message) => this.#warn(message));
    const { masker } = this.#secrets;
    this.#observer = maskedObserver(hooks.observer, masker);
    // The host boots while the API is asked.
    this.#host = new ChildHost({
      first: hooks.host,
      env: process.env,
      log: (record) => this.#observer.onLog?.(record),
      secret: (name) => this.#secrets.get(name),
      masker,
      runFlow: () => this.#runFlow(),
    });
    this.#runFlow = () => Promise.reject(new TypeError("the flow is not ready to run"));
  }

  async run(): Promise<ExecuteOutcome> {
    try {
      const info = await this.#api.flowRunInfo(this.#config.flowRunId);
      if (isFinished(unwrap(info.state))) return leave(unwrap(info.state), "Flow run has already finished.");
      const runnerId = crypto.randomUUID();
      const claim = await claimRun({
        api: this.#api,
        info,
        runnerId,
        clock: systemClock,
        takeoverAfter: this.#config.takeoverAfter,
        signal: this.#hooks.signal,
        log: (message) => this.#log("INFO", message),
      });
      if (claim.kind === "left") return leave(claim.state, claim.message);
      return await this.#execute(claim.info, runnerId);
    } catch (error) {
      throw maskedError(error, this.#secrets.masker);
    } finally {
      await this.#host.close();
      this.#api.close();
    }
  }

  async #execute(info: FlowRunInfo, runnerId: string): Promise<ExecuteOutcome> {
    const config = this.#config;
    const bound = openCloudRun({
      api: this.#api,
      info,
      runnerId,
      keepIn: join(config.prefectFolder, "undelivered"),
      heartbeatInterval: config.heartbeatInterval,
      cancellationInterval: config.cancellationInterval,
      takeoverAfter: config.takeoverAfter,
      logInterval: config.logInterval,
      sendLogs: config.sendLogs,
      logLevel: config.logLevel,
      warn: (message) => this.#warn(message),
    });
    const { masker } = this.#secrets;
    // Told to the API with its secrets masked.
    const cloud = { ...bound, store: maskedStore(bound.store, masker) };
    this.#observer = maskedObserver(inBoth(this.#hooks.observer, bound.observer), masker);
    cloud.start();
    let outcome: RunEnd;
    try {
      const flow = await loadRegistered(this.#host, info, config);
      this.#secrets.provide(flow.graph, this.#host);
      this.#hooks.plan?.(flow.graph);
      outcome = await runThroughEnvironment({
        graph: flow.graph,
        host: this.#host,
        concurrency: config.concurrency,
        runEngine: (plan) => this.#runEngine(info, flow, cloud, plan),
        fail: (reason) => this.#failedEnvironment(cloud, reason),
        serve: (runFlow) => {
          this.#runFlow = runFlow;
        },
        warn: (message) => this.#warn(message),
      });
    } catch (error) {
      // An error tells why the run cannot begin; the API has to know it too.
      const message = messageOf(error);
      await cloud.store.setFlowState(failed(`Failed to load and execute flow run: ${message}`));
      await cloud.close();
      throw error;
    }
    const delivery = await cloud.close();
    const message = outcome.message === null ? null : masker.mask(outcome.message);
    return { ...outcome, state: maskedState(outcome.state, masker), message, delivery };
  }

  async #failedEnvironment(cloud: CloudRun, message: string): Promise<RunEnd> {
    const state = failed(`Failed to load and execute Flow's environment: ${message}`);
    const ack = await cloud.store.setFlowState(state);
    this.#observer.onFlowState?.(state);
    const told = ack.status === "accepted";
    return {
      state,
      conclusion: told ? "finished" : "undelivered",
      message: told ? message : `${message} (${ack.status})`,
    };
  }

  async #runEngine(
    info: FlowRunInfo,
    { graph, parameters }: RegisteredFlow,
    cloud: CloudRun,
    plan: ExecutorPlan,
  ): Promise<FlowOutcome> {
    const stop = new AbortController();
    const end = (reason: unknown): void => {
      stop.abort(reason);
      this.#host.cancel("the flow run is stopped");
    };
    cloud.cancelled.addEventListener("abort", () => end("cancelled"), { once: true });
    cloud.lost.addEventListener("abort", () => end("lost"), { once: true });
    this.#hooks.signal.addEventListener("abort", () => end(this.#hooks.signal.reason), { once: true });
    if (cloud.lost.aborted) end("lost");
    else if (cloud.cancelled.aborted) end("cancelled");
    else if (this.#hooks.signal.aborted) end(this.#hooks.signal.reason);
    await this.#secrets.fetchInputs(graph, stop.signal);
    return runFlow({
      graph,
      host: guardedHost(this.#host, graph, this.#secrets.masker),
      store: cloud.store,
      clock: systemClock,
      observer: this.#observer,
      initialState: info.state,
      // The claim was ours alone: what is Running was left by a container that is gone.
      takeover: true,
      concurrency: plan.concurrency,
      parameters,
      checkpointing: this.#config.checkpointing,
      checkpointRule: this.#config.checkpointRule,
      signal: stop.signal,
      flavour: "Cloud",
      keepValues: false,
      longestWait: this.#config.waitLimit,
    });
  }

  #warn(message: string): void {
    this.#log("WARNING", message);
  }

  #log(level: LogLevel, message: string): void {
    this.#observer.onLog?.({ time: Date.now(), level, name: "prefect.CloudFlowRunner", message, taskRunId: null });
  }
}
