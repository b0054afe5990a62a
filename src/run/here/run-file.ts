import type { Api } from "../../cloud/index.ts";
import { parseAuthorEnvironment } from "../../config/index.ts";
import {
  type FlowOutcome,
  type Host,
  type LogRecord,
  type RunObserver,
  type RunStore,
  resolveParameters,
  runFlow,
  systemClock,
} from "../../engine/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import { type BodyUse, ChildHost, type RunDetails } from "../../host/index.ts";
import { pending } from "../../state/index.ts";
import { flowFile } from "../describe.ts";
import { detailed } from "../detailed.ts";
import { answerQuestions } from "../questions/answer-questions.ts";
import { guardedHost } from "../secrets/guarded-host.ts";
import { maskedError, maskedObserver } from "../secrets/masked.ts";
import { openRunSecrets } from "../secrets/run-secrets.ts";
import { withConfiguredDefaults } from "./configured-defaults.ts";
import { LocalCache } from "./local-cache.ts";
import { localStore } from "./local-store.ts";

/** How to run the flow of a file here. */
export interface RunFileOptions {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The flow's name; left out: the only one. */
  readonly flow?: string | undefined;
  /** Persist results with their handlers; default: `PREFECT__FLOWS__CHECKPOINTING`, else false. */
  readonly checkpointing?: boolean | undefined;
  /** How many tasks may run at once. */
  readonly concurrency?: number | undefined;
  /** The flow as it is to run, from the flow as it was loaded. @throws what keeps it from running */
  readonly prepare?: (graph: FlowGraph) => FlowGraph;
  /** The states that its runs have already; default: all are new. */
  readonly store?: RunStore;
  /** Where secrets are asked for too; left out: nowhere but here. */
  readonly api?: Pick<Api, "secretValue">;
  /** The host as the engine is to see it; default: as it is. */
  readonly host?: (host: ChildHost) => Host;
  /** Told what a host has used for a body. */
  readonly used?: (use: BodyUse) => void;
  /** The flow run that is run again. */
  readonly run?: Pick<RunDetails, "flowRunId" | "flowRunName" | "scheduledStart" | "context">;
  /** Told about every state and log line. */
  readonly observer: RunObserver;
  /** Told what the flow consists of, before it runs. */
  readonly loaded?: (graph: FlowGraph) => void;
  /** Stops the run; the reason is the name of the process signal. */
  readonly signal: AbortSignal;
}

/**
 * Runs a flow of a saved file or a source without an API, its code in a host process: there a task that spins, crashes or
 * leaks ends as it would in a container.
 *
 * @throws FlowRunnerError for a file that cannot be loaded, `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`, `PARAMETER_VALUE_INVALID`; a
 *   run that fails does not throw
 */
export async function runFile(pathOrName: string, options: RunFileOptions): Promise<FlowOutcome> {
  const { path, source } = flowFile(pathOrName);
  const config = parseAuthorEnvironment(process.env);
  const warn = (message: string): void =>
    options.observer.onLog?.({
      time: Date.now(),
      level: "WARNING",
      name: "prefect.FlowRunner",
      message,
      taskRunId: null,
    });
  const secrets = openRunSecrets(
    options.api === undefined ? config : { ...config, useLocalSecrets: false },
    options.api ?? null,
    warn,
  );
  const observer = maskedObserver(options.observer, secrets.masker);
  const log = (record: LogRecord): void => observer.onLog?.(record);
  const host = new ChildHost({
    env: process.env,
    log,
    ask: answerQuestions({ secrets, cloud: null, log }),
    masker: secrets.masker,
    ...(options.used === undefined ? {} : { used: options.used }),
    runFlow: () => Promise.reject(new TypeError("an environment is not used by a run without an API")),
  });
  try {
    const described = await host.load({
      file: path,
      source,
      digest: null,
      flow: options.flow ?? null,
      applicationFolder: config.applicationFolder,
      extraLoggers: [...config.extraLoggers],
    });
    const { prepare = (loaded) => loaded, run } = options;
    const graph = prepare(withConfiguredDefaults(described.graph, config));
    const resolved = resolveParameters(graph, options.parameters);
    options.loaded?.(graph);
    const parameters = await detailed(host, graph, {
      flowRunId: run?.flowRunId ?? null,
      flowRunName: run?.flowRunName ?? null,
      parameters: resolved,
      scheduledStart: run?.scheduledStart ?? Date.now(),
      context: { ...config.context, ...run?.context },
      defaultHandler: config.resultHandler,
    });
    secrets.provide(graph, host);
    await secrets.fetchInputs(graph, options.signal);
    options.signal.addEventListener("abort", () => host.cancel("the flow run is stopped"), { once: true });
    return await runFlow({
      graph,
      host: guardedHost(options.host?.(host) ?? host, graph, secrets.masker),
      store: options.store ?? localStore(graph, new LocalCache()),
      clock: systemClock,
      observer,
      initialState: pending(),
      concurrency: options.concurrency ?? config.concurrency,
      parameters,
      checkpointing: options.checkpointing ?? config.checkpointing,
      checkpointRule: config.checkpointRule,
      signal: options.signal,
      flavour: "",
      keepValues: false,
      longestWait: Number.POSITIVE_INFINITY,
    });
  } catch (error) {
    throw maskedError(error, secrets.masker);
  } finally {
    await host.close();
  }
}
