import { z } from "zod";
import { logLevels } from "../../config/index.ts";
import { stateTypes } from "../../state/index.ts";
import { apiOptions, outputOptions, parameterOptions } from "./shared-options.ts";

export const runOptions = z.object({
  ...outputOptions.shape,
  ...parameterOptions.shape,
  flow: z.string().optional(),
  checkpoint: z.boolean().optional(),
  concurrency: z.int().optional(),
  only: z.array(z.string()).default([]),
  watch: z.boolean().default(false),
  trace: z.string().optional(),
});
export type RunFlags = z.infer<typeof runOptions>;

export const createRunOptions = z.object({
  ...apiOptions.shape,
  ...parameterOptions.shape,
  project: z.string().optional(),
  name: z.string().optional(),
  json: z.boolean().default(false),
});
export type CreateRunFlags = z.infer<typeof createRunOptions>;

export const runsOptions = z.object({
  ...apiOptions.shape,
  flow: z.string().optional(),
  project: z.string().optional(),
  state: z.array(z.enum(stateTypes)).default([]),
  limit: z.int().default(20),
  json: z.boolean().default(false),
});
export type RunsFlags = z.infer<typeof runsOptions>;

export const logsOptions = z.object({
  ...apiOptions.shape,
  follow: z.boolean().default(false),
  task: z.string().optional(),
  level: z.enum(logLevels).default("DEBUG"),
  json: z.boolean().default(false),
});
export type LogsFlags = z.infer<typeof logsOptions>;

export const resumeOptions = z.object({
  ...apiOptions.shape,
  ...outputOptions.shape,
  artifact: z.string().optional(),
  trace: z.string().optional(),
});
export type ResumeFlags = z.infer<typeof resumeOptions>;

export const debugOptions = z.object({
  ...apiOptions.shape,
  ...outputOptions.shape,
  task: z.string().optional(),
  from: z.string().optional(),
  artifact: z.string().optional(),
  remake: z.boolean().default(false),
  set: z.array(z.string()).default([]),
  inspect: z.int().optional(),
  edit: z.string().optional(),
  report: z.boolean().default(false),
});
export type DebugFlags = z.infer<typeof debugOptions>;
