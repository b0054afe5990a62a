import { FlowRunnerError } from "../../errors/index.ts";
import type { JsonSchema } from "../../graph/index.ts";
import { currentBuilder } from "../building/current-builder.ts";
import { callSite } from "../call-site.ts";
import { jsonProblem } from "../inputs/json-problem.ts";
import type { TaskResult } from "../inputs/reference.ts";
import { context } from "../running/context.ts";
import { signals } from "../running/signals.ts";
import { declaredSchema, type ParameterSchema, type SchemaInput, type SchemaOutput } from "./parameter-schema.ts";
import { taskTemplate } from "./task-template.ts";

/** A parameter has a default, or is required, or is null when it is not given. */
export type ParameterOptions<T> = (
  | { readonly default: T; readonly required?: false }
  | { readonly required?: true; readonly default?: undefined }
  | { readonly required: false; readonly default?: undefined }
) & { readonly schema?: OwnJsonSchema };

/** A JSON schema, and none of a library's. */
export type OwnJsonSchema = JsonSchema & { readonly "~standard"?: never };

/**
 * Declares a parameter of the flow that is being built: a value that each run brings along, as JSON. Without options it
 * is required. Its slug is its name.
 *
 * A `schema` says what the value must be like: one of zod (4.2 or later), or a JSON schema. Each run's value, and the
 * default, is looked over by it before anything runs, and tasks get what it makes of it, which must be JSON too; a run with
 * a wrong value is Failed and says where it is wrong. A default of the schema is the parameter's. Prefect 3's form for a run
 * is made from it.
 *
 * @throws FlowRunnerError `PARAMETER_DUPLICATE`, `PARAMETER_INVALID` (a default that JSON cannot carry, or that does not fit
 *   the schema), `NOT_IN_A_FLOW`.
 * @example
 * ```ts
 * const days = parameter("days", { default: ["2012-01-01"] });
 * const station = parameter<string>("station");
 * const from = parameter("from", { schema: z.iso.date() });
 * const rows = parameter<number>("rows", { schema: { type: "integer", minimum: 1 }, default: 100 });
 * ```
 */
export function parameter<Schema extends ParameterSchema>(
  name: string,
  options: { readonly schema: Schema } & (
    | { readonly required?: true; readonly default?: undefined }
    | { readonly default: SchemaInput<Schema>; readonly required?: false }
  ),
): TaskResult<SchemaOutput<Schema>>;
export function parameter<Schema extends ParameterSchema>(
  name: string,
  options: { readonly schema: Schema; readonly required: false },
): TaskResult<SchemaOutput<Schema> | null>;
export function parameter<T>(
  name: string,
  options: { readonly default: T; readonly required?: false; readonly schema?: OwnJsonSchema },
): TaskResult<T>;
export function parameter<T = unknown>(
  name: string,
  options?: { readonly required?: true; readonly schema?: OwnJsonSchema },
): TaskResult<T>;
export function parameter<T = unknown>(
  name: string,
  options: { readonly required: false; readonly schema?: OwnJsonSchema },
): TaskResult<T | null>;
export function parameter(
  name: string,
  options: {
    readonly default?: unknown;
    readonly required?: boolean;
    readonly schema?: ParameterSchema | OwnJsonSchema;
  } = { required: true },
): TaskResult<unknown> {
  const site = callSite();
  const builder = currentBuilder(
    `Parameter "${name}"`,
    "Declare it inside the function given to flow(), before the tasks that use it.",
  );
  const refusal = (problem: string) => new FlowRunnerError("PARAMETER_INVALID", { parameter: String(name), problem });
  const refuse = (problem: string): never => {
    throw refusal(problem);
  };
  if (typeof name !== "string" || name === "") refuse("its name must be a string and not empty.");

  const declared = options.schema === undefined ? null : declaredSchema(options.schema);
  if (typeof declared === "string") throw refusal(declared);
  const ofSchema = options.required === undefined ? declared?.json.default : undefined;
  const given = options.default === undefined ? ofSchema : options.default;
  const hasDefault = given !== undefined;
  const required = options.required ?? !hasDefault;
  if (required && hasDefault) refuse("it is required, so its default would never be used: leave one of the two out.");
  const fallback = hasDefault ? given : null;
  const problem = jsonProblem(fallback);
  if (problem !== null) refuse(`its default must be JSON, but ${problem}.`);
  const misfit = declared === null || !hasDefault ? null : declared.misfit(fallback);
  if (misfit !== null) refuse(`its default does not fit its schema: ${misfit}.`);

  const template = taskTemplate(
    { name, kind: "parameter", definedAt: site.place, fixedHandler: { type: "JSONResultHandler" } },
    () => {
      if (Object.hasOwn(context.parameters, name)) return context.parameters[name];
      // The sentence is Prefect 1.x's.
      return required ? signals.fail(`Parameter "${name}" was required but not provided.`) : fallback;
    },
    { onMissingResult: "rerun" },
  );
  const spec = required ? { name, required } : { name, required, default: fallback };
  if (declared === null) return builder.addParameter(template, spec, null);
  return builder.addParameter(template, { ...spec, schema: declared.json }, declared.check);
}
