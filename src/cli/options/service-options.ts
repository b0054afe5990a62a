import { z } from "zod";
import { apiOptions, outputOptions } from "./shared-options.ts";

export const serveOptions = z.object({
  port: z.number().default(4200),
  host: z.string().default("127.0.0.1"),
  data: z.string().optional(),
  key: z.string().optional(),
  record: z.string().optional(),
  upstream: z.string().optional(),
  replay: z.string().optional(),
  json: z.boolean().default(false),
});
export type ServeFlags = z.infer<typeof serveOptions>;

export const agentOptions = z.object({
  ...apiOptions.shape,
  name: z.string().optional(),
  label: z.array(z.string()).optional(),
  env: z.array(z.string()).optional(),
  pollInterval: z.number().optional(),
  maxPolls: z.int().optional(),
  once: z.boolean().default(false),
  maxRuns: z.int().optional(),
  agentAddress: z.string().optional(),
  cloudLogs: z.boolean().default(true),
  showFlowLogs: z.boolean().default(false),
  docker: z.boolean().default(false),
  network: z.string().optional(),
  pull: z.boolean().default(true),
  ...outputOptions.shape,
});
export type AgentFlags = z.infer<typeof agentOptions>;
