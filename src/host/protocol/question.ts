import { z } from "zod";
import type { RunQuestion } from "../../flow/index.ts";

const artifactData = z.union([z.string(), z.number()]);
const record = z.record(z.string(), z.unknown());

/** What the flow's code asks through its host: see `RunQuestion`. */
export const questionSchema: z.ZodType<RunQuestion> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("secret"), name: z.string() }),
  z.object({ kind: z.literal("variable"), name: z.string() }),
  z.object({
    kind: z.literal("setVariable"),
    name: z.string(),
    value: z.unknown(),
    tags: z.array(z.string()),
    overwrite: z.boolean(),
  }),
  z.object({
    kind: z.literal("createArtifact"),
    artifact: z.object({
      type: z.enum(["markdown", "table", "progress", "image"]),
      key: z.string().nullable(),
      description: z.string().nullable(),
      data: artifactData,
    }),
  }),
  z.object({
    kind: z.literal("updateArtifact"),
    id: z.string(),
    change: z.object({ data: artifactData, description: z.string().exactOptional() }),
  }),
  z.object({
    kind: z.literal("pause"),
    key: z.string(),
    suspend: z.boolean(),
    timeout: z.number().nullable(),
    pollInterval: z.number(),
    input: z.object({ schema: record, description: z.string().nullable() }).nullable(),
  }),
  z.object({
    kind: z.literal("runDeployment"),
    deployment: z.string(),
    parameters: record,
    tags: z.array(z.string()),
    idempotencyKey: z.string().nullable(),
    jobVariables: record.nullable(),
    workQueue: z.string().nullable(),
    scheduledTime: z.number(),
    flowRunName: z.string().nullable(),
    asSubflow: z.boolean(),
    call: z.string(),
    timeout: z.number().nullable(),
    pollInterval: z.number(),
  }),
  z.object({
    kind: z.literal("takeSlots"),
    wanted: z.object({
      id: z.string(),
      names: z.array(z.string()),
      slots: z.number(),
      mode: z.enum(["concurrency", "rate_limit"]),
      timeout: z.number().nullable(),
      strict: z.boolean(),
    }),
  }),
  z.object({ kind: z.literal("giveBackSlots"), id: z.string() }),
]);
