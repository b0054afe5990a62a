import { type Api, openApi } from "../../cloud/index.ts";
import type { RunnerConfig } from "../../config/index.ts";
import type { Clock, LogRecord, RunObserver } from "../../engine/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import type { State } from "../../state/index.ts";
import type { ControlledRun } from "../questions/answer-control.ts";
import { answerQuestions } from "../questions/answer-questions.ts";
import { openRunSecrets, type RunSecrets } from "../secrets/run-secrets.ts";
import { openTelemetry, type Telemetry } from "../telemetry/telemetry.ts";
import { Audience } from "./audience.ts";
import { planStop, type Stop } from "./end/stop.ts";
import { type ContainerOptions, containerPlace } from "./place/container-place.ts";
import type { FlowHost, Place, RunHost } from "./place/place.ts";
import type { ControlSession } from "./prefect3/control-session.ts";
import { UsageLog } from "./usage/usage-log.ts";

/** What the caller of a run is told, and how it can stop it. */
export interface ExecuteHooks extends ContainerOptions {
  readonly observer: RunObserver;
  /** Aborts with the name of the signal that came (`SIGTERM`). */
  readonly signal: AbortSignal;
  /** Whether what has come to an end stays as it is, with Prefect 3 too: a part of the run goes on alone. Left out: false. */
  readonly keepsFinished?: boolean | undefined;
  /** The flow is loaded and about to run. */
  plan?(graph: FlowGraph): void;
  /** Told what the hosts have used and what the API was asked. */
  readonly trace?: Pick<Telemetry, "used" | "called"> | undefined;
  /** Left out: a container, of which the options above are. */
  readonly place?: Place | undefined;
}

/** What the execution of one flow run works with, from its first request to its end. */
export interface Execution {
  readonly config: RunnerConfig;
  readonly hooks: ExecuteHooks;
  readonly api: Api;
  readonly secrets: RunSecrets;
  readonly host: RunHost;
  readonly load: FlowHost["load"];
  readonly clock: Clock;
  readonly besideClock: Clock;
  readonly audience: Audience;
  readonly stop: Stop;
  readonly usage: UsageLog;
  readonly telemetry: Telemetry;
  /** Null: no worker listens to this process. */
  readonly control: ControlSession | null;
  /** Is given what `runFlow()` of a custom environment does. */
  serve(runFlow: () => Promise<State>): void;
  /** Is given the flow run that the tasks may pause. */
  bind(run: ControlledRun): void;
  close(): Promise<void>;
}

/** Milliseconds that a host has to leave. */
const leaveMs = 5_000;
/** Milliseconds that a collector of traces and metrics has for the last of them. */
const flushMs = 3_000;

/** Opens all of it; nothing is asked of the API yet. */
export async function openExecution(config: RunnerConfig, hooks: ExecuteHooks): Promise<Execution> {
  const place = hooks.place ?? containerPlace(config, hooks);
  const { clock, besideClock } = place;
  const warn = (message: string): void => audience.warn(message);
  const { env = process.env } = hooks;
  const stop = planStop(hooks.signal, config.stopGrace);
  const api = await openApi({
    url: config.apiUrl,
    key: config.apiKey,
    tenantId: config.tenantId,
    dialect: config.apiDialect,
    authString: config.authString,
    headers: config.apiHeaders,
    outageBudget: config.outageBudget,
    ...(config.requestTimeout === null ? {} : { requestTimeout: config.requestTimeout }),
    queueInterval: config.queueInterval,
    rateLimiting: config.rateLimiting,
    deadline: stop.late,
    clock,
    ...(place.connect === undefined ? {} : { connect: place.connect }),
    ...(place.calling === undefined ? {} : { calling: place.calling }),
    warn,
    env,
    called: (call) => {
      telemetry.called(call);
      hooks.trace?.called(call);
    },
  });
  const secrets = openRunSecrets(config, api, warn);
  const audience = new Audience(hooks.observer, secrets.masker, clock);
  // Not before there is somebody to warn: what is wrong with its variables is said as soon as its packages are loaded.
  const telemetry = openTelemetry({ config, env, startedAt: performance.timeOrigin, warn });
  audience.join(telemetry.observer);
  const log = (record: LogRecord): void => audience.all.onLog?.(record);
  const usage = new UsageLog(log, config.logLevel === "DEBUG" ? "DEBUG" : "INFO");
  let runFlow = (): Promise<State> => Promise.reject(new TypeError("the flow is not ready to run"));
  let controlled: ControlledRun | null = null;
  // The host boots while the API is asked.
  const { host, load } = place.openHost({
    log,
    ask: answerQuestions({ secrets, cloud: { api, flowRunId: config.flowRunId }, run: () => controlled, log }),
    masker: secrets.masker,
    runFlow: () => runFlow(),
    used: (use) => {
      usage.used(use);
      telemetry.used(use);
      hooks.trace?.used(use);
    },
  });
  const execution: Execution = {
    config,
    hooks,
    api,
    secrets,
    host,
    load,
    clock,
    besideClock,
    audience,
    stop,
    usage,
    telemetry,
    control: await openControl(config),
    serve: (served) => {
      runFlow = served;
    },
    bind: (run) => {
      controlled = run;
    },
    close: async () => {
      await Promise.all([host.close(stop.within(leaveMs)), telemetry.close(stop.within(flushMs))]);
      execution.control?.close();
      api.close();
    },
  };
  return execution;
}

async function openControl({ control }: RunnerConfig): Promise<ControlSession | null> {
  if (control === null) return null;
  const { openControlSession } = await import("./prefect3/control-session.ts");
  return openControlSession(control);
}
