import { z } from "zod";
import { logLevels, outputFormats } from "../../config/index.ts";

/** Flags of every command that shows a run. */
export const outputOptions = z.object({
  quiet: z.boolean().default(false),
  json: z.boolean().default(false),
  logLevel: z.enum(logLevels).optional(),
  format: z.enum(outputFormats).optional(),
});
export type OutputFlags = z.infer<typeof outputOptions>;

/** Flags of every command that talks to an API. */
export const apiOptions = z.object({
  api: z.string().optional(),
  key: z.string().optional(),
  tenant: z.string().optional(),
  profile: z.string().optional(),
});
export type ApiFlags = z.infer<typeof apiOptions>;

/** Flags that give parameters to a run. */
export const parameterOptions = z.object({
  parameter: z.array(z.string()).default([]),
  paramFile: z.string().optional(),
});

/** Flags of a command that does one thing by an API and says what came of it. */
export const operateOptions = z.object({ ...apiOptions.shape, json: z.boolean().default(false) });
export type OperateFlags = z.infer<typeof operateOptions>;
