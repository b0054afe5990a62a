import type { Environment, FlowDefinition, SecretProviderOption, StateHandler } from "./definition.ts";
import type { Duration } from "./duration.ts";
import type { TaskResult } from "./inputs/reference.ts";
import type { ResultHandler } from "./result-handler.ts";
import type { Schedule } from "./schedule/schedule.ts";

/** Which tasks decide the state of a flow run: slugs, or a function that picks them from what the build function returned. */
export type ReferenceTasks<Returned> =
  | readonly string[]
  | ((returned: Returned) => TaskResult<unknown> | readonly TaskResult<unknown>[]);

/** How a flow behaves; everything may be left out. */
export interface FlowOptions<Returned = unknown> {
  /** Writes the results of all tasks that have none of their own. */
  readonly resultHandler?: ResultHandler;
  /** Where and how a run is executed; left out: `LocalEnvironment`. */
  readonly environment?: Environment;
  /** When an API starts runs of it by itself; `run()` never waits for it. */
  readonly schedule?: Schedule;
  /** Places where secrets are, beside those that the runner knows; asked last, unless the deployment says otherwise. */
  readonly secretProviders?: readonly SecretProviderOption[];
  /** Called at every change of the flow run's state, in order; each may return a state to go on with instead. */
  readonly stateHandlers?: readonly StateHandler[];
  /** Called at every failed state of the flow run. */
  readonly onFailure?: NonNullable<FlowDefinition["onFailure"]>;
  /** May replace the final state, given the states of the reference tasks. */
  readonly terminalStateHandler?: NonNullable<FlowDefinition["terminalStateHandler"]>;
  /** Left out: the terminal tasks, those that nothing waits for. */
  readonly referenceTasks?: ReferenceTasks<Returned>;
  /** For tasks that don't say it themselves: what to do about an input that is lost on resume. Left out: `fail`. */
  readonly onMissingResult?: "fail" | "rerun";
  /**
   * How many more attempts of the whole run follow one that failed, in the same process; tasks with a persisted result
   * do not run again. Prefect 3: `@flow(retries=…)`. APIs of Prefect 0.7 and 1.x have no such thing, which the run's log says.
   */
  readonly maxRetries?: number;
  /** From a failed attempt of the run to the next; Prefect 3 counts whole seconds, and part of one as one. Left out: none. */
  readonly retryDelay?: Duration;
}

export const flowOptionNames: Readonly<Record<keyof FlowOptions, true>> = {
  resultHandler: true,
  environment: true,
  schedule: true,
  secretProviders: true,
  stateHandlers: true,
  onFailure: true,
  terminalStateHandler: true,
  referenceTasks: true,
  onMissingResult: true,
  maxRetries: true,
  retryDelay: true,
};
