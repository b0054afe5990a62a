import { FlowRunnerError } from "../../errors/index.ts";
import { currentBuilder } from "../building/current-builder.ts";
import { callSite } from "../call-site.ts";
import { jsonProblem } from "../inputs/json-problem.ts";
import type { TaskResult } from "../inputs/reference.ts";
import { context } from "../running/context.ts";
import { signals } from "../running/signals.ts";
import { taskTemplate } from "./task-template.ts";

/** A parameter has a default, or is required, or is null when it is not given. */
export type ParameterOptions<T> =
  | { readonly default: T; readonly required?: false }
  | { readonly required: true }
  | { readonly required: false };

/**
 * Declares a parameter of the flow that is being built: a value that each run brings along, as JSON. Without options it
 * is required. Its slug is its name.
 *
 * @throws FlowRunnerError `PARAMETER_DUPLICATE`, `PARAMETER_INVALID` (a default that JSON cannot carry), `NOT_IN_A_FLOW`.
 * @example
 * ```ts
 * const days = parameter("days", { default: ["2012-01-01"] });
 * const station = parameter<string>("station");
 * ```
 */
export function parameter<T>(name: string, options: { readonly default: T; readonly required?: false }): TaskResult<T>;
export function parameter<T = unknown>(name: string, options?: { readonly required: true }): TaskResult<T>;
export function parameter<T = unknown>(name: string, options: { readonly required: false }): TaskResult<T | null>;
export function parameter(name: string, options: ParameterOptions<unknown> = { required: true }): TaskResult<unknown> {
  const site = callSite();
  const builder = currentBuilder(
    `Parameter "${name}"`,
    "Declare it inside the function given to flow(), before the tasks that use it.",
  );
  const refuse = (problem: string): never => {
    throw new FlowRunnerError("PARAMETER_INVALID", { parameter: String(name), problem });
  };
  if (typeof name !== "string" || name === "") refuse("its name must be a string and not empty.");

  const hasDefault = "default" in options && options.default !== undefined;
  const required = options.required ?? !hasDefault;
  if (required && hasDefault) refuse("it is required, so its default would never be used: leave one of the two out.");
  const fallback = hasDefault ? options.default : null;
  const problem = jsonProblem(fallback);
  if (problem !== null) refuse(`its default must be JSON, but ${problem}.`);

  const template = taskTemplate(
    { name, kind: "parameter", definedAt: site.place, fixedHandler: { type: "JSONResultHandler" } },
    () => {
      if (Object.hasOwn(context.parameters, name)) return context.parameters[name];
      // The sentence is Prefect 1.x's.
      return required ? signals.fail(`Parameter "${name}" was required but not provided.`) : fallback;
    },
    { onMissingResult: "rerun" },
  );
  return builder.addParameter(template, required ? { name, required } : { name, required, default: fallback });
}
