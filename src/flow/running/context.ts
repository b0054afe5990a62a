import { AsyncLocalStorage } from "node:async_hooks";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowRunControl } from "./flow-run-control.ts";
import type { RunArtifacts } from "./run-artifacts.ts";
import type { RunDates } from "./run-dates.ts";
import type { RunLimits } from "./run-limits.ts";
import type { RunVariables } from "./run-variables.ts";

/** Where a task's log lines go: the run's log, under the task's name. */
export interface TaskLogger {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}

/** What a running task may know of its run. */
export interface RunContext extends RunDates, RunLimits {
  /** The parameters of this run, by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly flowName: string;
  /** Null where there is no API. */
  readonly flowRunId: string | null;
  readonly taskName: string;
  readonly taskSlug: string;
  /** Null where there is no API. */
  readonly taskRunId: string | null;
  /** Which child of a mapped task this is, from 0; null for a task that is not mapped. */
  readonly mapIndex: number | null;
  /** Which attempt this is, from 1. */
  readonly taskRunCount: number;
  /** Which iteration of a loop this is, from 1. */
  readonly loopCount: number;
  /** What the iteration before gave to `signals.loop`; undefined in the first. */
  readonly loopResult: unknown;
  /** The task run was paused and resumed by hand. */
  readonly resume: boolean;
  /** Aborts when the attempt is over time or the run is cancelled: pass it to what can be stopped. */
  readonly signal: AbortSignal;
  readonly logger: TaskLogger;
  readonly secrets: {
    /** The secret's value, parsed when it is JSON text. Rejects with what each provider said when there is none. */
    get(name: string): Promise<unknown>;
  };
  readonly artifacts: RunArtifacts;
  readonly variables: RunVariables;
  /** What `pauseFlowRun`, `suspendFlowRun` and `runDeployment` do. */
  readonly flowRun: FlowRunControl;
}

/**
 * Shared by all copies of this package in a process: who runs a task may be another copy than the one its flow imports,
 * as under a test runner.
 */
const key = Symbol.for("flow-runner.context");
const shared = globalThis as { [key]?: AsyncLocalStorage<RunContext> };
shared[key] ??= new AsyncLocalStorage<RunContext>();
const storage = shared[key];

/**
 * Runs a function, and all that it awaits, with this context. For hosts, and for a unit test of a body that reads the
 * context.
 */
export const runInContext = <R>(runContext: RunContext, run: () => R): R => storage.run(runContext, run);

/** Whether a task is running here. */
export const inRun = (): boolean => storage.getStore() !== undefined;

function current(key: PropertyKey): RunContext {
  const runContext = storage.getStore();
  if (runContext === undefined) throw new FlowRunnerError("CONTEXT_OUTSIDE_RUN", { key: String(key) });
  return runContext;
}

/**
 * The context of the task that is running: its parameters, dates, ids, counts, logger, secrets and abort signal.
 * Reading a property of it anywhere else throws `CONTEXT_OUTSIDE_RUN`.
 *
 * @example
 * ```ts
 * const fetchDay = task("fetch day", async ({ day }: { day: string }) => {
 *   context.logger.info(`attempt ${context.taskRunCount} of ${day}`);
 *   return fetch(`https://example.org/${day}`, { signal: context.signal });
 * });
 * ```
 */
export const context: RunContext = new Proxy({} as RunContext, {
  // Inspecting it (console.log, an assertion library) asks for symbols and what every object has: that must work anywhere.
  get: (target, key) =>
    typeof key === "symbol" || key in target ? Reflect.get(target, key) : Reflect.get(current(key), key),
  has: (_target, key) => Reflect.has(storage.getStore() ?? {}, key),
  ownKeys: () => Reflect.ownKeys(storage.getStore() ?? {}),
  getOwnPropertyDescriptor: (_target, key) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(storage.getStore() ?? {}, key);
    return descriptor && { ...descriptor, configurable: true };
  },
});
