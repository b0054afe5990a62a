import { z } from "zod";
import { scheduleFormSchema } from "./schedule/form.ts";

/**
 * Prefect's serialized flow, as the marshmallow schemas of 1.4.1 and 0.7.0 dump and load it. Times are whole seconds.
 * Sources: `serialization/flow.py`, `task.py`, `edge.py` at these tags, and the output of `flow.serialize()`.
 */

const version = { __version__: z.string() };

/** A function by its qualified name, with the arguments it was made with. */
const functionReference = z.strictObject({ fn: z.string(), kwargs: z.record(z.string(), z.json()) });

const slugOnly = z.strictObject({ slug: z.string(), ...version });

export const taskFormSchema = z.strictObject({
  slug: z.string(),
  name: z.string(),
  /** A Python class: the UI and other clients tell parameters, constants and secrets by it. */
  type: z.string(),
  tags: z.array(z.string()),
  max_retries: z.int().min(0),
  retry_delay: z.int().nullable(),
  timeout: z.int().nullable(),
  trigger: functionReference,
  skip_on_upstream_skip: z.boolean(),
  cache_for: z.int().nullable(),
  cache_key: z.string().nullable(),
  cache_validator: functionReference,
  auto_generated: z.boolean(),
  inputs: z.record(z.string(), z.strictObject({ required: z.boolean(), type: z.string() })),
  outputs: z.string(),
  ...version,
});
export type TaskForm = z.infer<typeof taskFormSchema>;

export const edgeFormSchema = z.strictObject({
  upstream_task: slugOnly,
  downstream_task: slugOnly,
  key: z.string().nullable(),
  mapped: z.boolean(),
  /** Not in Prefect 0.7. */
  flattened: z.boolean().exactOptional(),
  ...version,
});
export type EdgeForm = z.infer<typeof edgeFormSchema>;

export const parameterFormSchema = z.strictObject({
  name: z.string(),
  slug: z.string(),
  type: z.string(),
  required: z.boolean(),
  default: z.json(),
  /** Not in Prefect, whose APIs keep it as they keep what they do not know: a JSON schema. */
  schema: z.record(z.string(), z.unknown()).readonly().exactOptional(),
  tags: z.array(z.string()),
  outputs: z.string(),
  ...version,
});
export type ParameterForm = z.infer<typeof parameterFormSchema>;

const flowFormSchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  schedule: scheduleFormSchema.nullable(),
  parameters: z.array(parameterFormSchema),
  tasks: z.array(taskFormSchema),
  edges: z.array(edgeFormSchema),
  /** Empty: the terminal tasks. */
  reference_tasks: z.array(slugOnly),
  /** Prefect before 1.0 reads this one … */
  environment: z.looseObject({ type: z.string(), labels: z.array(z.string()) }).optional(),
  storage: z.looseObject({ type: z.string() }),
  ...version,
});
export type FlowForm = z.infer<typeof flowFormSchema>;

export const registrationFormSchema = z.strictObject({
  ...flowFormSchema.shape,
  /** … and 1.x this one, for the labels that agents match. */
  run_config: z.looseObject({ type: z.string(), labels: z.array(z.string()) }).nullable(),
});
export type RegistrationForm = z.infer<typeof registrationFormSchema>;
