import { z } from "zod";
import { Refusal } from "./refusal.ts";
import { canonicalUuid } from "./uuid.ts";

const json = z.record(z.string(), z.unknown());
const labels = z.looseObject({ labels: z.array(z.string()).nullish() });

const slug = z.union([z.string(), z.looseObject({ slug: z.string() }).transform((task) => task.slug)]);

const parameter = z.looseObject({
  name: z.string(),
  slug: z.string().nullish(),
  required: z.boolean().default(false),
  default: z.unknown().optional(),
});

/** What Prefect 1.x registers first: the flow without its tasks and edges. */
const serializedFlow = z.looseObject({
  name: z.string().min(1),
  __version__: z.string().nullish(),
  parameters: z.array(parameter).default([]),
  storage: json.nullish(),
  run_config: labels.nullish(),
  environment: labels.nullish(),
  schedule: json.nullish(),
  tasks: z.array(z.unknown()).nullish(),
  edges: z.array(z.unknown()).nullish(),
});

const serializedTask = z.looseObject({
  id: z.string().transform(canonicalUuid).nullish(),
  name: z.string().nullish(),
  slug: z.string().min(1),
  type: z.string().nullish(),
  max_retries: z.number().int().nullish(),
  /** Seconds. */
  retry_delay: z.number().nonnegative().nullish(),
  trigger: z.union([z.string(), z.looseObject({ fn: z.string() }).transform(({ fn }) => fn)]).nullish(),
  tags: z.array(z.string()).nullish(),
  mapped: z.boolean().nullish(),
  auto_generated: z.boolean().nullish(),
  cache_key: z.string().nullish(),
});

const serializedEdge = z.looseObject({
  upstream_task: slug,
  downstream_task: slug,
  key: z.string().nullish(),
  mapped: z.boolean().nullish(),
});

export type SerializedFlow = z.output<typeof serializedFlow>;
export type SerializedTask = z.output<typeof serializedTask>;
export type SerializedEdge = z.output<typeof serializedEdge>;
export type RunConfig = z.output<typeof labels>;
export type FlowParameter = z.output<typeof parameter>;

/** @throws Refusal saying where the form is wrong. */
export const readFlow = (sent: unknown): SerializedFlow => read(serializedFlow, sent, "serialized flow");
/** @throws Refusal */
export const readTasks = (sent: unknown): SerializedTask[] => read(z.array(serializedTask), sent, "serialized tasks");
/** @throws Refusal */
export const readEdges = (sent: unknown): SerializedEdge[] => read(z.array(serializedEdge), sent, "serialized edges");
/** @throws Refusal */
export const readRunConfig = (sent: unknown): RunConfig => read(labels, sent, "run_config");
/** @throws Refusal */
export const readJsonObject = (sent: unknown, name: string): Record<string, unknown> => read(json, sent, name);

function read<Schema extends z.ZodType>(schema: Schema, sent: unknown, name: string): z.output<Schema> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new Refusal(`Invalid ${name}${place}: ${issue?.message}`, "BAD_USER_INPUT");
}
