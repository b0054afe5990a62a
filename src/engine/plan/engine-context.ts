import type { CheckpointRule } from "../../results/rules/checkpoint-rule.ts";
import type { Clock, Host, LogLevel, RunObserver, RunStore, StartGate } from "../ports.ts";
import type { HandleBook } from "./handle-book.ts";
import type { Plan, PlannedTask } from "./plan.ts";
import type { TaskRun, TaskRuns } from "./task-run.ts";

/**
 * What a run becomes whose process is told to stop: Failed, Crashed (Prefect 3), Scheduled for another process to go on
 * with it, or nothing: it stays as it is, for whoever is started in this one's place.
 */
export type OnStop = ToldStop | "relinquish";
/** Those that are told of. */
export type ToldStop = "fail" | "crash" | "reschedule";

/** What the parts of the engine share during one flow run. */
export interface EngineContext {
  readonly plan: Plan;
  readonly host: Host;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly observer: RunObserver;
  readonly checkpointing: boolean;
  readonly checkpointRule: CheckpointRule;
  /** This process alone runs the flow run: task runs that another one left Running are run again. */
  readonly takeover: boolean;
  /** The run's parameters, defaults included. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Milliseconds that this process waits for a retry or a queue; what takes longer is handed back. */
  readonly longestWait: number;
  /** See `FlowRunOptions`. */
  readonly signal: AbortSignal;
  /** See `FlowRunOptions`; null: there is none. */
  readonly gate: StartGate | null;
  readonly onStop: OnStop;
  /** `Cloud` or nothing: Prefect's logger names are `prefect.CloudTaskRunner` and `prefect.TaskRunner`. */
  readonly flavour: "Cloud" | "";
  readonly handles: HandleBook;
  runsOf(task: PlannedTask): TaskRuns;
}

export function logTask(context: EngineContext, run: TaskRun, level: LogLevel, message: string): void {
  context.observer.onLog?.({
    time: context.clock.now(),
    level,
    name: `prefect.${context.flavour}TaskRunner`,
    message: `Task '${run.fullName}': ${message}`,
    taskRunId: run.entry?.id ?? null,
  });
}

export function logFlow(context: EngineContext, level: LogLevel, message: string): void {
  context.observer.onLog?.({
    time: context.clock.now(),
    level,
    name: `prefect.${context.flavour}FlowRunner`,
    message,
    taskRunId: null,
  });
}
