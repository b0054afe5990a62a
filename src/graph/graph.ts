import { z } from "zod";
import { scheduleSchema } from "./schedule/schedule.ts";

/**
 * A flow as plain data: what the runner knows of it. The host describes a loaded flow in this form (in as many frames
 * as it takes), so the schemas here are also the boundary where the runner stops trusting the host.
 */

const handlerDescription = z.looseObject({ type: z.string() });

/** A trigger: one of the built-in ones with its arguments, or `custom`, which only the host can evaluate. */
export const triggerSchema = z.discriminatedUnion("fn", [
  z.object({ fn: z.enum(["all_successful", "all_failed", "any_successful", "any_failed", "all_finished"]) }),
  z.object({ fn: z.enum(["manual_only", "not_all_skipped"]) }),
  z.object({
    fn: z.enum(["some_failed", "some_successful"]),
    /** Below 1 a fraction of the states, else a count; inclusive. */
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
  }),
  z.object({ fn: z.literal("custom"), name: z.string() }),
]);
export type Trigger = z.infer<typeof triggerSchema>;

/** A cache validator: built in (the engine evaluates it) or custom (the host does). */
export const cacheValidatorSchema = z.discriminatedUnion("fn", [
  z.object({ fn: z.enum(["never_use", "duration_only", "all_inputs", "all_parameters"]) }),
  z.object({
    fn: z.enum(["partial_inputs_only", "partial_parameters_only"]),
    /** The names that must agree; null: always valid. */
    validateOn: z.array(z.string()).nullable(),
  }),
  z.object({ fn: z.literal("custom"), name: z.string() }),
]);
export type CacheValidator = z.infer<typeof cacheValidatorSchema>;

export const taskSchema = z.object({
  /** Unique in the flow, the same for the same source: Prefect 1.x's `name-tag1-tag2-N`; a parameter's is its name. */
  slug: z.string(),
  name: z.string(),
  /** `constant` holds a literal that is mapped over, or a list that holds references. */
  kind: z.enum(["task", "parameter", "constant", "secret"]),
  tags: z.array(z.string()),
  maxRetries: z.int().min(0),
  /** What the author left out, so that a default of the configuration may take its place; left out itself: nothing. */
  unset: z.array(z.enum(["maxRetries", "timeout", "checkpoint"])).optional(),
  /** Milliseconds. */
  retryDelay: z.number().min(0),
  /** Milliseconds for one attempt of the body; null: none. */
  timeout: z.number().positive().nullable(),
  /** Runs in a host of its own. */
  isolated: z.boolean(),
  trigger: triggerSchema,
  skipOnUpstreamSkip: z.boolean(),
  /** Some edge into it is mapped: it becomes a parent with children. */
  mapped: z.boolean(),
  /** false: never persist its result; null: whenever checkpointing is on and there is a handler. */
  checkpoint: z.boolean().nullable(),
  /** The handler its result is written with: its own, else the flow's; null: none. */
  resultHandler: handlerDescription.nullable(),
  /** A location that, when an object is there already, makes the task Cached; templates in braces; `custom`: a function. */
  target: z.union([z.string(), z.object({ fn: z.literal("custom") })]).nullable(),
  /** Milliseconds a result may be reused; null: no caching. */
  cacheFor: z.number().positive().nullable(),
  /** `custom`: a function of the flow's own. */
  cacheKey: z.union([z.string(), z.object({ fn: z.literal("custom") })]).nullable(),
  cacheValidator: cacheValidatorSchema,
  /** What to do about an input that is lost. */
  onMissingResult: z.enum(["fail", "rerun"]),
  /** It has state handlers or an `onFailure`: the host is asked at every change of state. */
  hasStateHandlers: z.boolean(),
  /** Where it was written, for messages; `file:line`. */
  definedAt: z.string().nullable(),
});
export type TaskSpec = z.infer<typeof taskSchema>;

export const edgeSchema = z.object({
  upstream: z.string(),
  downstream: z.string(),
  /**
   * The input it feeds: `rows`, or a path for a reference nested in an object or array (`query.days.0`), so that two
   * references in one input are two edges; null: order only.
   */
  key: z.string().nullable(),
  mapped: z.boolean(),
});
export type Edge = z.infer<typeof edgeSchema>;

/** A JSON schema (2020-12, or the draft that its `$schema` names). */
export type JsonSchema = Readonly<Record<string, unknown>>;

export const parameterSchema = z.object({
  name: z.string(),
  required: z.boolean(),
  /** JSON; undefined when required. */
  default: z.unknown().optional(),
  /** What its values must be like; left out: anything. The flow's own code may want more of them. */
  schema: z.record(z.string(), z.unknown()).readonly().exactOptional(),
});
export type ParameterSpec = z.infer<typeof parameterSchema>;

/** An environment as plain data; `custom` ones run in the host. */
export const environmentSchema = z.looseObject({
  type: z.string(),
  labels: z.array(z.string()),
  custom: z.boolean(),
  hasOnStart: z.boolean(),
  hasOnExit: z.boolean(),
});
export type EnvironmentSpec = z.infer<typeof environmentSchema>;

export const flowGraphSchema = z.object({
  name: z.string(),
  /** The name in file-name form: `weather-report`. */
  slug: z.string(),
  tasks: z.array(taskSchema),
  edges: z.array(edgeSchema),
  parameters: z.array(parameterSchema),
  /** Slugs; null: the terminal tasks. */
  referenceTasks: z.array(z.string()).nullable(),
  resultHandler: handlerDescription.nullable(),
  environment: environmentSchema,
  /** When an API starts runs by itself; null: never. */
  schedule: scheduleSchema.nullable(),
  hasStateHandlers: z.boolean(),
  hasTerminalStateHandler: z.boolean(),
  /** How often a run that failed is begun once more; left out: the author does not say. */
  maxRetries: z.int().min(0).exactOptional(),
  /** Milliseconds from a failed attempt to the next; left out as above. */
  retryDelay: z.number().min(0).exactOptional(),
  /** Names of the flow's own secret providers. */
  secretProviders: z.array(z.string()).exactOptional(),
});
export type FlowGraph = z.infer<typeof flowGraphSchema>;
