import type { BuiltInTrigger } from "../../graph/index.ts";
import type { StateHandler, TaskDefinition } from "../definition.ts";
import type { Duration } from "../duration.ts";
import type { LocationContext, ResultHandler } from "../result-handler.ts";
import type { BuiltInCacheValidator, CustomCacheValidator } from "./cache-validators.ts";
import type { RetryOn } from "./retry-on.ts";
import type { CustomTrigger } from "./triggers.ts";

/** How a task behaves; everything may be left out. */
export interface TaskOptions {
  /** Part of the slug, and on every state of the task. */
  readonly tags?: readonly string[];
  /** How many more attempts after the first that failed; needs `retryDelay`. */
  readonly maxRetries?: number;
  /** From a failure to the next attempt. */
  readonly retryDelay?: Duration;
  /** Only these errors are retried; left out: all. */
  readonly retryOn?: RetryOn;
  /** For one attempt of the body. */
  readonly timeout?: Duration;
  /** Runs in a process of its own, where its deadline and its memory are exact. */
  readonly isolated?: boolean;
  /** When it may run, given how its upstream tasks ended; left out: `triggers.allSuccessful`. */
  readonly trigger?: BuiltInTrigger | CustomTrigger;
  /** Left out: true. */
  readonly skipOnUpstreamSkip?: boolean;
  /** Called at every change of state, in order; each may return a state to go on with instead. */
  readonly stateHandlers?: readonly StateHandler[];
  /** Called at every failed state, also one that is about to be retried. */
  readonly onFailure?: NonNullable<TaskDefinition["onFailure"]>;
  /** false: never persist the result. Left out: whenever checkpointing is on and there is a handler. */
  readonly checkpoint?: boolean;
  /** Left out: the flow's. */
  readonly resultHandler?: ResultHandler;
  /** A location (a template, or a function); when an object is there already, it is the result and the body does not run. */
  readonly target?: string | ((context: LocationContext) => string);
  /** How long a result may be used again. */
  readonly cacheFor?: Duration;
  /** Shares a cache between tasks; left out: the task's own. */
  readonly cacheKey?: string | ((context: LocationContext) => string);
  readonly cacheValidator?: BuiltInCacheValidator | CustomCacheValidator;
  /** What to do about an input that is lost when a run is resumed; left out: the flow's. */
  readonly onMissingResult?: "fail" | "rerun";
}

export const taskOptionNames: Readonly<Record<keyof TaskOptions, true>> = {
  tags: true,
  maxRetries: true,
  retryDelay: true,
  retryOn: true,
  timeout: true,
  isolated: true,
  trigger: true,
  skipOnUpstreamSkip: true,
  stateHandlers: true,
  onFailure: true,
  checkpoint: true,
  resultHandler: true,
  target: true,
  cacheFor: true,
  cacheKey: true,
  cacheValidator: true,
  onMissingResult: true,
};
