import { parseAuthorEnvironment } from "../../config/index.ts";
import {
  type FlowOutcome,
  type LogRecord,
  type RunObserver,
  resolveParameters,
  runFlow,
  systemClock,
} from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { type FlowDefinition, lookOverParameters } from "../../flow/index.ts";
import { inProcessHost } from "../../host/index.ts";
import { pending, type State } from "../../state/index.ts";
import { accepted } from "../detailed.ts";
import { answerQuestions } from "../questions/answer-questions.ts";
import { guardedHost } from "../secrets/guarded-host.ts";
import { maskedObserver } from "../secrets/masked.ts";
import { openRunSecrets } from "../secrets/run-secrets.ts";
import { withConfiguredDefaults } from "./configured-defaults.ts";
import { LocalCache } from "./local-cache.ts";
import { localStore } from "./local-store.ts";
import { RunRecord, type TaskRunRecord } from "./run-record.ts";

export { LocalCache };

const warning = { level: "WARNING", name: "prefect.FlowRunner", taskRunId: null } as const;

/** How to run a flow here. */
export interface RunHereOptions {
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Persist results with their handlers; default: `PREFECT__FLOWS__CHECKPOINTING`, else false. */
  readonly checkpointing?: boolean;
  /** How many tasks may run at once; default 32. */
  readonly concurrency?: number;
  /** The run's context, beside what the environment says (`PREFECT__CONTEXT__…`); a `date` moves its days. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Results of tasks with `cacheFor`, kept between runs; default: this run alone. `Flow.run` passes the flow's own. */
  readonly cache?: LocalCache;
  /** Told about every state and log line. */
  readonly observer?: RunObserver;
  /** Stops the run. */
  readonly signal?: AbortSignal;
}

/** A run that has ended here. */
export interface LocalRun {
  readonly state: State;
  readonly taskRuns: readonly TaskRunRecord[];
  /**
   * What a task returned: an array for a mapped one; an Error for a failed one, undefined for one that did not run.
   *
   * @param task - a slug, or the reference that the task's call gave inside the flow
   * @throws FlowRunnerError `TASK_NOT_FOUND`
   */
  result(task: string | { readonly slug: string }): unknown;
}

/**
 * Runs a flow in this process, without an API: the same engine, with an in-process host.
 *
 * @throws FlowRunnerError `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`, `PARAMETER_VALUE_INVALID`; a run that fails does not throw
 */
export async function runHere(flow: FlowDefinition, options: RunHereOptions = {}): Promise<LocalRun> {
  const config = parseAuthorEnvironment(process.env);
  const graph = withConfiguredDefaults(flow.graph, config);
  const resolved = resolveParameters(graph, options.parameters ?? {});
  const parameters = accepted(graph, await lookOverParameters(flow, resolved));
  const cache = options.cache ?? new LocalCache();
  const warn = (message: string): void => options.observer?.onLog?.({ ...warning, time: Date.now(), message });
  const secrets = openRunSecrets(config, null, warn);
  const record = new RunRecord(maskedObserver(options.observer ?? {}, secrets.masker));
  const log = (line: LogRecord): void => record.onLog(line);
  const host = inProcessHost({
    flow,
    details: {
      flowRunId: null,
      flowRunName: null,
      parameters,
      scheduledStart: Date.now(),
      context: { ...config.context, ...options.context },
      defaultHandler: config.resultHandler,
    },
    memory: cache.results,
    log,
    ask: answerQuestions({ secrets, cloud: null, log }),
    runFlow: () => Promise.reject(new TypeError("an environment is not used by flow.run()")),
  });
  const { signal = new AbortController().signal } = options;
  const stop = (): void => host.cancel("the flow run is stopped");
  signal.addEventListener("abort", stop);
  secrets.provide(graph, host);
  await secrets.fetchInputs(graph, signal);
  const outcome = await runFlow({
    graph,
    host: guardedHost(host, graph, secrets.masker),
    store: localStore(graph, cache),
    clock: systemClock,
    observer: record,
    initialState: pending(),
    concurrency: options.concurrency ?? config.concurrency,
    parameters,
    checkpointing: options.checkpointing ?? config.checkpointing,
    checkpointRule: config.checkpointRule,
    signal,
    flavour: "",
    keepValues: true,
    longestWait: Number.POSITIVE_INFINITY,
  });
  signal.removeEventListener("abort", stop);
  return {
    state: outcome.state,
    taskRuns: record.taskRuns,
    result: (task) =>
      resultOf(outcome, flow.graph.name, typeof task === "string" ? task : task.slug, (handle) => host.value(handle)),
  };
}

function resultOf({ runs }: FlowOutcome, flow: string, slug: string, value: (handle: number) => unknown): unknown {
  const found = runs.find(({ task }) => task.spec.slug === slug);
  if (found === undefined) {
    throw new FlowRunnerError("TASK_NOT_FOUND", { flow, slug, known: runs.map(({ task }) => task.spec.slug) });
  }
  return found.children === null ? value(found.run.handle) : found.children.map((child) => value(child.handle));
}
