import type { Clock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Api } from "../port/api.ts";
import type { FlowRunInfo } from "../port/flow-run-info.ts";
import { every } from "./every.ts";
import type { FlowRunWatch } from "./flow-run-watch.ts";

export interface LivenessOptions {
  readonly api: Api;
  readonly info: FlowRunInfo;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly interval: number;
  readonly warn: (message: string) => void;
}

/** A heartbeat that is late is worth less than the next one: short, and never tried twice. */
const longest = 10_000;

const once = ({ interval, signal }: LivenessOptions) => ({ tries: 1, timeout: Math.min(longest, interval), signal });

/**
 * Tells the API that the run is alive, and its task runs that are Running, at once and then every `interval`.
 *
 * @param running - ids of the task runs that are Running
 * @param kept - false: once and no more. Prefect 1.x: heartbeats are turned off by the flow's settings
 *   (`heartbeat_enabled`) or by `cloud.heartbeat_mode`.
 */
export function startHeartbeats(options: LivenessOptions, running: () => readonly string[], kept: boolean): void {
  const { api, info, interval } = options;
  const beat = warningOnce(options, "The heartbeat failed", () =>
    api.heartbeat(info.id, { ...once(options), taskRunIds: running() }),
  );
  if (kept) void every(interval, beat, options);
  else void beat();
}

/**
 * Asks every `interval` whether the run is to be cancelled. Prefect 1.x: state Cancelling. Where the API can tell by
 * itself it is asked as soon as it does.
 */
export function watchFlowRun(options: LivenessOptions, watch: FlowRunWatch, isPaused: () => boolean): void {
  const { clock, signal, interval } = options;
  const look = warningOnce(options, "The question whether the run is cancelled failed", async () => {
    await watch.look(once(options));
  });
  options.api.prefect3?.watch(options.info.id, { signal, isPaused, changed: () => void look() });
  void clock.until(clock.now() + interval, signal).then(() => every(interval, look, options));
}

/** What must not end a run is a warning: one for as long as it goes on, or an outage would fill the log of the container. */
function warningOnce(
  { warn, signal }: LivenessOptions,
  what: string,
  action: () => Promise<void>,
): () => Promise<void> {
  let isFailing = false;
  return async () => {
    try {
      await action();
      isFailing = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof FlowRunnerError)) throw error;
      if (!isFailing) warn(`${what}: ${error.message}`);
      isFailing = true;
    }
  };
}
