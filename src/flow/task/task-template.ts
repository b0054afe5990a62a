import { FlowRunnerError } from "../../errors/index.ts";
import type { TaskSpec } from "../../graph/index.ts";
import type { HandlerDescription } from "../../state/index.ts";
import type { TaskDefinition } from "../definition.ts";
import { milliseconds } from "../duration.ts";
import type { ResultHandler } from "../result-handler.ts";
import { unknownOption } from "../unknown-option.ts";
import { cacheValidatorProblem, cacheValidators } from "./cache-validators.ts";
import { retryable, retryOnProblem } from "./retry-on.ts";
import { type TaskOptions, taskOptionNames } from "./task-options.ts";
import { triggerProblem, triggers } from "./triggers.ts";

/** A task before it is used in a flow: what is the same in every flow and at every call. */
export interface TaskTemplate {
  readonly spec: Omit<TaskSpec, "slug" | "mapped" | "resultHandler" | "onMissingResult">;
  readonly code: Omit<TaskDefinition, "slug" | "bind" | "resultHandler">;
  /** Its own handler; null: the flow's. */
  readonly resultHandler: ResultHandler | null;
  /** For a task whose results always go one way (parameters, secrets): never the flow's handler. */
  readonly fixedHandler: HandlerDescription | null;
  /** Null: the flow's. */
  readonly onMissingResult: TaskSpec["onMissingResult"] | null;
}

/** What Prefect's configuration has defaults for; only tasks with a body of the author's take them. */
const defaultable = ["maxRetries", "timeout", "checkpoint"] as const;

/** What makes a task, beside its options. */
interface TaskOrigin {
  readonly name: string;
  readonly kind: TaskSpec["kind"];
  readonly definedAt: string | null;
  readonly fixedHandler?: HandlerDescription;
}

/**
 * Checks a task's options and fills in what is left out.
 *
 * @throws FlowRunnerError `TASK_OPTION_INVALID` with the task and the option.
 */
export function taskTemplate(
  { name, kind, definedAt, fixedHandler }: TaskOrigin,
  run: TaskDefinition["run"],
  options: TaskOptions,
): TaskTemplate {
  const refuse = (option: string, problem: string): never => {
    throw new FlowRunnerError("TASK_OPTION_INVALID", { task: String(name), option, problem });
  };
  if (typeof name !== "string" || name.trim() === "") refuse("name", "it must be a string and not empty.");
  const unknown = unknownOption(options, taskOptionNames);
  if (unknown !== null) refuse(unknown.name, unknown.problem);
  const duration = (option: "retryDelay" | "timeout" | "cacheFor"): number | null => {
    const given = options[option];
    if (given === undefined) return null;
    return (
      milliseconds(given) ??
      refuse(
        option,
        `it must be milliseconds or a text like "500ms", "10s", "5m", "1h", "2d", not ${JSON.stringify(given)}.`,
      )
    );
  };
  const positive = (option: "timeout" | "cacheFor"): number | null =>
    duration(option) === 0 ? refuse(option, "it must be longer than nothing.") : duration(option);

  const { tags = [], maxRetries = 0 } = options;
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== "string"))
    refuse("tags", "they must be a list of strings.");
  if (!Number.isInteger(maxRetries) || maxRetries < 0) refuse("maxRetries", "it must be a whole number, 0 or more.");
  const retryDelay = duration("retryDelay");
  // The two sentences are Prefect 1.x's: its users look for them.
  if (maxRetries > 0 && retryDelay === null) {
    refuse("retryDelay", "A datetime.timedelta `retry_delay` must be provided if max_retries > 0");
  }
  if (retryDelay !== null && maxRetries === 0) {
    refuse("maxRetries", "A `max_retries` argument greater than 0 must be provided if specifying a retry delay.");
  }
  if (options.retryOn !== undefined) {
    if (maxRetries === 0) refuse("retryOn", "A number of `max_retries` must be provided if `retry_on` is set.");
    const problem = retryOnProblem(options.retryOn);
    if (problem !== null) refuse("retryOn", problem);
  }

  const cacheFor = positive("cacheFor");
  const { trigger = triggers.allSuccessful } = options;
  const { cacheValidator = cacheFor === null ? cacheValidators.neverUse : cacheValidators.durationOnly } = options;
  const triggerFault = triggerProblem(trigger);
  if (triggerFault !== null) refuse("trigger", triggerFault);
  const validatorFault = cacheValidatorProblem(cacheValidator);
  if (validatorFault !== null) refuse("cacheValidator", validatorFault);
  const stateHandlers = options.stateHandlers ?? [];
  const onFailure = options.onFailure ?? null;

  return {
    spec: {
      name,
      kind,
      tags: [...new Set(tags)].sort(),
      maxRetries,
      retryDelay: retryDelay ?? 0,
      ...(kind === "task" ? { unset: defaultable.filter((option) => options[option] === undefined) } : {}),
      timeout: positive("timeout"),
      isolated: options.isolated ?? false,
      trigger: typeof trigger === "function" ? custom(trigger) : trigger,
      skipOnUpstreamSkip: options.skipOnUpstreamSkip ?? true,
      checkpoint: options.checkpoint ?? null,
      target: templateOrCustom(options.target),
      cacheFor,
      cacheKey: templateOrCustom(options.cacheKey),
      cacheValidator: typeof cacheValidator === "function" ? custom(cacheValidator) : cacheValidator,
      hasStateHandlers: stateHandlers.length > 0 || onFailure !== null,
      definedAt,
    },
    code: {
      run,
      stateHandlers,
      onFailure,
      customTrigger: typeof trigger === "function" ? trigger : null,
      customCacheValidator: typeof cacheValidator === "function" ? cacheValidator : null,
      target: typeof options.target === "function" ? options.target : null,
      cacheKey: typeof options.cacheKey === "function" ? options.cacheKey : null,
      retryable: retryable(options.retryOn),
    },
    resultHandler: options.resultHandler ?? null,
    fixedHandler: fixedHandler ?? null,
    onMissingResult: options.onMissingResult ?? null,
  };
}

const custom = (fn: { readonly name: string }) =>
  ({ fn: "custom", name: fn.name === "" ? "custom" : fn.name }) as const;

const templateOrCustom = (option: string | ((...args: never) => unknown) | undefined) =>
  typeof option === "function" ? ({ fn: "custom" } as const) : (option ?? null);
