import { z } from "zod";
import { apiOptions } from "./shared-options.ts";

export const saveOptions = z.object({ output: z.string().optional(), json: z.boolean().default(false) });
export type SaveFlags = z.infer<typeof saveOptions>;

export const inspectOptions = z.object({ flow: z.string().optional(), json: z.boolean().default(false) });
export type InspectFlags = z.infer<typeof inspectOptions>;

export const checkOptions = z.object({
  flow: z.string().optional(),
  json: z.boolean().default(false),
  ignore: z.array(z.string()).default([]),
});
export type CheckFlags = z.infer<typeof checkOptions>;

export const registerOptions = z.object({
  ...apiOptions.shape,
  project: z.string(),
  createProject: z.boolean().default(false),
  flow: z.string().optional(),
  name: z.string().optional(),
  image: z.string().optional(),
  label: z.array(z.string()).default([]),
  runConfig: z.string().optional(),
  env: z.array(z.string()).default([]),
  schedule: z.boolean().default(true),
  force: z.boolean().default(false),
  json: z.boolean().default(false),
});
export type RegisterFlags = z.infer<typeof registerOptions>;
