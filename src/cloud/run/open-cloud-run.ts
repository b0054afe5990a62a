import { type Clock, type LogLevel, type RunObserver, type RunStore, systemClock } from "../../engine/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import { UndeliveredStates } from "../kept/undelivered-states.ts";
import { LogShipper } from "../logs/log-shipper.ts";
import type { Api } from "../port/api.ts";
import type { CallOptions } from "../port/call.ts";
import type { FlowRunInfo } from "../port/flow-run-info.ts";
import { CachedLookup } from "./cached-lookup.ts";
import { CloudStore } from "./cloud-store.ts";
import { deliverAgain } from "./deliver-again.ts";
import { FlowRunWatch } from "./flow-run-watch.ts";
import { startHeartbeats, watchFlowRun } from "./liveness.ts";
import { RunPauses } from "./pauses/run-pauses.ts";
import { StateQueue } from "./state-queue.ts";

export interface CloudRunOptions {
  readonly api: Api;
  readonly info: FlowRunInfo;
  /** Folder for what cannot be delivered; it is made when it is needed. */
  readonly keepIn: string;
  readonly clock?: Clock;
  /** The mark of this process in Running states; default: one of its own. */
  readonly runnerId?: string;
  /** Milliseconds. Default: 30 seconds, as in Prefect. */
  readonly heartbeatInterval?: number;
  /** false: one at the start and no more. Default: true. */
  readonly heartbeats?: boolean;
  /** Milliseconds. Default: 15 seconds, as in Prefect 1.x. */
  readonly cancellationInterval?: number;
  /** Milliseconds after the last heartbeat at which another container takes the run over. Default: 60 seconds. */
  readonly takeoverAfter?: number;
  /** Milliseconds. Default: 5 seconds, as in Prefect 1.x. */
  readonly logInterval?: number;
  /** Default: true. */
  readonly sendLogs?: boolean;
  /** Records below it are not sent. Default: INFO. */
  readonly logLevel?: LogLevel;
  /** Told what goes wrong beside the run (a heartbeat, a shipment of logs); not sent to the API. */
  readonly warn?: (message: string) => void;
  /** Told what there is to say about the run: a line of its log. */
  readonly log?: (message: string) => void;
}

/** What is still untold after `close()`, and where it lies. */
export interface Delivery {
  /** Everything was delivered. */
  readonly complete: boolean;
  readonly states: number;
  readonly logs: number;
  /** Files that hold it, one JSON object a line. */
  readonly files: readonly string[];
}

/** One flow run, bound to an API. */
export interface CloudRun {
  readonly store: RunStore;
  /** Ships the log. */
  readonly observer: RunObserver;
  /** Aborted when the API says that the run is Cancelling (or Cancelled). */
  readonly cancelled: AbortSignal;
  /**
   * Aborted when another container has taken the run over, or somebody has concluded it: from then on nothing of this one
   * is told but its log.
   */
  readonly lost: AbortSignal;
  /** Somebody else than the API says that the run is to be cancelled: `cancelled` aborts. */
  cancel(reason: string): void;
  /** The pauses of the run, and whether its tasks may start. */
  readonly pauses: RunPauses;
  /** Aborts when this process has nothing more to do for the run. */
  readonly over: AbortSignal;
  /** Asks the API now what it says of the run, so that `cancelled` and `lost` are up to date. @throws those of `Api` */
  look(options?: CallOptions): Promise<unknown>;
  /** The flow is loaded: finds the task runs of its tasks. @throws FlowRunnerError `TASKS_DIFFER` */
  plan(graph: FlowGraph): void;
  /** Begins with heartbeats, log shipping and the question whether the run is cancelled. */
  start(): void;
  /**
   * Ends all that, and tries to deliver what is left; takes no longer than `within` milliseconds (default: 30 seconds).
   * Does not throw for an API that is out of reach: the answer says what could not be delivered.
   */
  close(options?: { readonly within?: number }): Promise<Delivery>;
}

/** Milliseconds; asking more often would cost more than it saves. */
const shortestLease = 1_000;

/**
 * Binds a flow run to the API: a store of states that batches, heartbeats, log shipping, cancellation.
 *
 * @example
 * ```ts
 * const run = openCloudRun({ api, info: await api.flowRunInfo(id), keepIn: "/root/.prefect/undelivered" });
 * run.start();
 * await runFlow({ graph, host, store: run.store, signal: run.cancelled, … });
 * const { complete } = await run.close();
 * ```
 */
export function openCloudRun(options: CloudRunOptions): CloudRun {
  const { api, info, clock = systemClock, warn = () => undefined } = options;
  const beating = new AbortController();
  const delivering = new AbortController();
  const { runnerId = crypto.randomUUID() } = options;
  const undelivered = new UndeliveredStates(options.keepIn, { flowRunId: info.id, runnerId }, warn);
  const { heartbeatInterval = 30_000, takeoverAfter = 60_000 } = options;
  const watch = new FlowRunWatch({
    api,
    flowRunId: info.id,
    runnerId,
    clock,
    // The last heartbeat may be that much older than the last look.
    lease: Math.max(shortestLease, takeoverAfter - heartbeatInterval),
    signal: delivering.signal,
    saw: (state, asked) => pauses.saw(state, asked),
  });
  const pauses = new RunPauses({
    ...{ api: api.prefect3, flowRunId: info.id, clock, signal: beating.signal },
    look: () => watch.look(),
    log: options.log ?? (() => undefined),
  });
  // A run may be paused already: one whose process has died under it, or that nobody has resumed.
  pauses.saw(info.state, clock.now());
  watch.lost.addEventListener("abort", () => beating.abort(), { once: true });
  const queue = new StateQueue(api, info.id, clock, delivering.signal, () => watch.refusal());
  const cache = new CachedLookup({ api, clock, signal: delivering.signal, warn });
  const logs = new LogShipper({
    api,
    flowRunId: info.id,
    folder: options.keepIn,
    clock,
    interval: options.logInterval ?? 5_000,
    level: options.logLevel ?? "INFO",
    warn,
    signal: delivering.signal,
  });
  const sendLogs = options.sendLogs ?? true;
  const signal = delivering.signal;
  const store = new CloudStore({ api, info, queue, watch, cache, undelivered, clock, signal });
  const liveness = { api, info, clock, warn, signal: beating.signal };

  return {
    store,
    observer: sendLogs ? { onLog: (record) => logs.add(record) } : {},
    cancelled: watch.cancelled,
    lost: watch.lost,
    cancel: (reason) => watch.cancel(reason),
    pauses,
    over: beating.signal,
    look: (options) => watch.look(options),
    plan: (graph) => store.plan(api.taskRunsOf(info, graph)),
    start: () => {
      const kept = (options.heartbeats ?? true) && info.flow.settings.heartbeat_enabled !== false;
      startHeartbeats({ ...liveness, interval: heartbeatInterval }, () => store.running, kept);
      watchFlowRun(
        { ...liveness, interval: options.cancellationInterval ?? 15_000 },
        watch,
        () => pauses.closed !== null,
      );
      if (sendLogs) logs.start();
    },
    close: async ({ within = 30_000 } = {}) => {
      const closed = new AbortController();
      void clock.until(clock.now() + within, closed.signal).then(() => {
        if (!closed.signal.aborted) delivering.abort(new Error(`not delivered within ${within / 1_000} s`));
      });
      await queue.idle();
      if (undelivered.all.length > 0 && (await watch.refusal()) === null)
        await deliverAgain(api, undelivered, delivering.signal);
      const unsent = await logs.close();
      beating.abort();
      closed.abort();
      const states = undelivered.all.length;
      return {
        complete: states + unsent.count === 0,
        states,
        logs: unsent.count,
        files: [undelivered.file, unsent.file].filter((file) => file !== null),
      };
    },
  };
}
