import { z } from "zod";
import { edgeSchema, flowGraphSchema, taskSchema } from "../../graph/schemas.ts";
import { questionSchema } from "./question.ts";
import { errorReportSchema, handleSchema, stateSchema, storedResultSchema } from "./shared.ts";
import { usageSchema } from "./usage.ts";

/** What a host says to the runner. */

const id = z.int().nonnegative();
const handles = z.array(handleSchema);

const outcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("success"),
    stored: storedResultSchema.nullable(),
    length: z.int().nullable(),
    message: z.string().nullable(),
  }),
  z.object({ kind: z.enum(["fail", "triggerFail", "skip"]), message: z.string() }),
  z.object({ kind: z.enum(["retry", "pause"]), message: z.string(), startTime: z.number().nullable() }),
  z.object({ kind: z.literal("loop"), message: z.string().nullable(), stored: storedResultSchema.nullable() }),
  z.object({ kind: z.literal("error"), error: errorReportSchema }),
  z.object({ kind: z.literal("unwritten"), message: z.string(), retryable: z.boolean() }),
  z.object({ kind: z.literal("timedOut"), message: z.string().nullable() }),
  z.object({ kind: z.literal("missing"), handles }),
  z.object({ kind: z.literal("cancelled") }),
]);

const callOutcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ok"), state: stateSchema.nullable(), fires: z.boolean(), value: z.unknown().optional() }),
  z.object({ kind: z.literal("signal"), state: stateSchema }),
  z.object({ kind: z.literal("error"), error: errorReportSchema }),
]);

const measure = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("length"), length: z.int() }),
  z.object({ kind: z.literal("unmappable"), what: z.string() }),
  z.object({ kind: z.literal("missing"), handles }),
]);

const probe = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("probed"),
    cacheKey: z.string().nullable(),
    inputHashes: z.record(z.string(), z.string()),
    target: storedResultSchema.nullable(),
  }),
  z.object({ kind: z.literal("missing"), handles }),
  z.object({ kind: z.literal("error"), error: errorReportSchema }),
]);

const shown = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("shown"), names: z.array(z.string()), texts: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal("missing"), handles }),
]);

export const fromHostSchema = z.discriminatedUnion("type", [
  /** The flow, in as many frames as it takes: tasks and edges come in pieces, `ready` ends them. */
  z.object({ type: z.literal("described"), tasks: z.array(taskSchema), edges: z.array(edgeSchema) }),
  z.object({
    type: z.literal("ready"),
    flow: flowGraphSchema.omit({ tasks: true, edges: true }),
    digest: z.string().nullable(),
    /** The packages that an artifact imports, with the versions that are here. */
    packages: z.record(z.string(), z.string()),
    /** What differs from where it was saved. */
    warnings: z.array(z.string()),
  }),
  /** The flow cannot be loaded: an error code of ours with its message, or whatever the flow's module threw. */
  z.object({
    type: z.literal("unloadable"),
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()),
  }),
  z.object({ type: z.literal("ran"), id, outcome, usage: usageSchema.exactOptional() }),
  /** Its body is entered now; only said for tasks with a timeout. */
  z.object({ type: z.literal("begun"), id }),
  z.object({ type: z.literal("called"), id, outcome: callOutcome }),
  z.object({ type: z.literal("measured"), id, measure }),
  z.object({ type: z.literal("probed"), id, probe }),
  z.object({ type: z.literal("shown"), id, shown }),
  /** `missing`: the values that were to be kept and that this host does not hold. */
  z.object({ type: z.literal("done"), id, error: z.string().nullable(), missing: handles }),
  z.object({ type: z.literal("pong"), id }),
  /** Asks for what only the runner can get; answered by `answer`. */
  z.object({ type: z.literal("ask"), id, question: questionSchema, taskRunId: z.string().nullable() }),
  /** A custom environment calls `runFlow()`; answered by `flowRan`. */
  z.object({ type: z.literal("runFlow"), id }),
  /** The last words of a host that ends by itself (`process.exit`): which body called it. */
  z.object({ type: z.literal("exiting"), code: z.int(), run: id.nullable() }),
]);
export type FromHost = z.infer<typeof fromHostSchema>;
