import { z } from "zod";
import { logLevels, outputFormats } from "../config/index.ts";
import { stateTypes } from "../state/index.ts";

/** The flags of every command, as the parser of the command line gives them: checked here, trusted from here on. */

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
export type RunOptions = z.infer<typeof runOptions>;

export const saveOptions = z.object({ output: z.string().optional(), json: z.boolean().default(false) });
export type SaveOptions = z.infer<typeof saveOptions>;

export const inspectOptions = z.object({ flow: z.string().optional(), json: z.boolean().default(false) });
export type InspectOptions = z.infer<typeof inspectOptions>;

export const checkOptions = z.object({
  flow: z.string().optional(),
  json: z.boolean().default(false),
  ignore: z.array(z.string()).default([]),
});
export type CheckOptions = z.infer<typeof checkOptions>;

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
export type RegisterOptions = z.infer<typeof registerOptions>;

export const createRunOptions = z.object({
  ...apiOptions.shape,
  ...parameterOptions.shape,
  project: z.string().optional(),
  name: z.string().optional(),
  json: z.boolean().default(false),
});
export type CreateRunOptions = z.infer<typeof createRunOptions>;

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
export type ServeOptions = z.infer<typeof serveOptions>;

export const deliverOptions = z.object({ ...apiOptions.shape, json: z.boolean().default(false) });
export type DeliverFlags = z.infer<typeof deliverOptions>;

export const secretOptions = z.object({ ...apiOptions.shape, json: z.boolean().default(false) });
export type SecretOptions = z.infer<typeof secretOptions>;

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

export const operateOptions = z.object({ ...apiOptions.shape, json: z.boolean().default(false) });
export type OperateFlags = z.infer<typeof operateOptions>;

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
