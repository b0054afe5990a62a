import { z } from "zod";
import { apiOptions, parameterOptions } from "./shared-options.ts";

/** Flags that describe an image. */
export const imageOptions = z.object({
  registry: z.string().optional(),
  image: z.string().optional(),
  tag: z.string().optional(),
  base: z.string().optional(),
  dockerfile: z.string().optional(),
  dependency: z.array(z.string()).default([]),
  apt: z.array(z.string()).default([]),
  file: z.array(z.string()).default([]),
  env: z.array(z.string()).default([]),
  secret: z.array(z.string()).default([]),
  prefectDirectory: z.string().optional(),
  platform: z.string().optional(),
  localImage: z.boolean().optional(),
  ignoreHealthchecks: z.boolean().optional(),
  ignore: z.array(z.string()).default([]),
  push: z.boolean().default(true),
  keep: z.boolean().default(false),
  strict: z.boolean().default(false),
  json: z.boolean().default(false),
});
export type ImageFlags = z.infer<typeof imageOptions>;

export const deployOptions = z.object({
  ...imageOptions.shape,
  ...apiOptions.shape,
  ...parameterOptions.shape,
  project: z.string().optional(),
  createProject: z.boolean().default(false),
  directory: z.string().optional(),
  workPool: z.string().optional(),
  createPool: z.string().optional(),
  workQueue: z.string().optional(),
  name: z.string().optional(),
  command: z.string().optional(),
  jobVariable: z.array(z.string()).default([]),
  cron: z.array(z.string()).default([]),
  interval: z.array(z.string()).default([]),
  timeZone: z.string().optional(),
  schedule: z.boolean().default(true),
  paused: z.boolean().optional(),
  runTag: z.array(z.string()).default([]),
  description: z.string().optional(),
  concurrencyLimit: z.int().optional(),
  onTooMany: z.enum(["wait", "cancel"]).optional(),
});
export type DeployFlags = z.infer<typeof deployOptions>;
