import { type HandlerChoice, handlerChoice } from "./default-handler.ts";
import {
  apiAddress,
  type CheckpointRuleName,
  checkpointRule,
  count,
  duration,
  flag,
  interval,
  type Kind,
  type LogLevelName,
  logLevel,
  type OutputFormat,
  outputFormat,
  text,
} from "./value-kinds.ts";

/** One row of the table below. */
export interface Setting<Value> {
  /** Environment variables that set it; the first that is set and not empty wins. */
  readonly names: readonly string[];
  readonly kind: Kind<Exclude<Value, null>>;
  readonly fallback: Value;
  /** The default as a reader sees it, where `fallback` alone does not say it. */
  readonly fallbackText?: string;
  /** Its value is never shown. */
  readonly secret?: true;
  readonly about: string;
}

const second = 1_000;
const minute = 60 * second;

/**
 * Every setting of the runner, in one place: `parseRunnerEnvironment` reads it, and `--help` and the README are written
 * from it. Names that begin with `PREFECT__` are Prefect's and mean what they mean there; ours begin with
 * `FLOW_RUNNER__`.
 */
export const settings = {
  apiUrl: row<string | null>({
    names: ["PREFECT__CLOUD__API"],
    kind: apiAddress,
    fallback: null,
    fallbackText: "required by execute",
    about: "Address of the API.",
  }),
  apiKey: row<string | null>({
    names: ["PREFECT__CLOUD__API_KEY", "PREFECT__CLOUD__AUTH_TOKEN", "PREFECT__CLOUD__AGENT__AUTH_TOKEN"],
    kind: text,
    fallback: null,
    secret: true,
    about: "Key for the API; the second and third name are those of Prefect 0.7. Never shown, never given to the flow.",
  }),
  tenantId: row<string | null>({
    names: ["PREFECT__CLOUD__TENANT_ID"],
    kind: text,
    fallback: null,
    about: "Tenant that the key acts for.",
  }),
  flowRunId: row<string | null>({
    names: ["PREFECT__CONTEXT__FLOW_RUN_ID"],
    kind: text,
    fallback: null,
    fallbackText: "required by execute",
    about: "The flow run to execute. An agent sets it. Every other PREFECT__CONTEXT__NAME is in the run's context.",
  }),
  useLocalSecrets: row({
    names: ["PREFECT__CLOUD__USE_LOCAL_SECRETS"],
    kind: flag,
    fallback: true,
    about:
      "true: the API is not asked for secrets; agents set false. PREFECT__CONTEXT__SECRETS__NAME is a secret of the context.",
  }),
  secretProviders: row<string | null>({
    names: ["FLOW_RUNNER__SECRET_PROVIDERS"],
    kind: text,
    fallback: null,
    fallbackText: "context,file,api",
    about: "Where secrets are looked for, in this order: context, file, api, gcp, aws.",
  }),
  secretFolder: row({
    names: ["FLOW_RUNNER__SECRET_FOLDER"],
    kind: text,
    fallback: "/run/secrets",
    about: "Folder where secrets are mounted as files.",
  }),
  secretTimeout: row({
    names: ["FLOW_RUNNER__SECRET_TIMEOUT"],
    kind: interval,
    fallback: 30 * second,
    about: "Time limit for fetching one secret.",
  }),
  logLevel: row<LogLevelName>({
    names: ["PREFECT__LOGGING__LEVEL"],
    kind: logLevel,
    fallback: "INFO",
    about: "Log records below this level are dropped.",
  }),
  sendLogs: row({
    names: ["PREFECT__CLOUD__SEND_FLOW_RUN_LOGS", "PREFECT__LOGGING__LOG_TO_CLOUD"],
    kind: flag,
    fallback: true,
    about: "Send the run's log to the API.",
  }),
  heartbeatInterval: row({
    names: ["PREFECT__CLOUD__HEARTBEAT_INTERVAL"],
    kind: interval,
    fallback: 30 * second,
    about: "Time between two heartbeats of the run.",
  }),
  cancellationInterval: row({
    names: ["PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL"],
    kind: interval,
    fallback: 15 * second,
    about: "How often the API is asked whether the run is to be cancelled.",
  }),
  queueInterval: row({
    names: ["PREFECT__CLOUD__QUEUE_INTERVAL"],
    kind: interval,
    fallback: 30 * second,
    about: "Wait before a run that a concurrency limit held back asks again.",
  }),
  requestTimeout: row({
    names: ["PREFECT__CLOUD__REQUEST_TIMEOUT"],
    kind: interval,
    fallback: 15 * second,
    about: "Time limit of one request to the API.",
  }),
  logInterval: row({
    names: ["PREFECT__CLOUD__LOGGING_HEARTBEAT"],
    kind: interval,
    fallback: 5 * second,
    about: "Time between two shipments of the log.",
  }),
  checkpointing: row({
    names: ["PREFECT__FLOWS__CHECKPOINTING"],
    kind: flag,
    fallback: false,
    fallbackText: "false; execute: true",
    about: "Persist task results with their result handlers.",
  }),
  checkpointRule: row<CheckpointRuleName>({
    names: ["FLOW_RUNNER__CHECKPOINT_RULE"],
    kind: checkpointRule,
    fallback: "1.x",
    about: "Which results are persisted: 1.x, all that have a handler; 0.7, those of tasks with checkpoint: true.",
  }),
  prefectFolder: row<string | null>({
    names: ["PREFECT__HOME_DIR"],
    kind: text,
    fallback: null,
    fallbackText: "~/.prefect",
    about: "Folder of saved flows, local results and what could not be delivered.",
  }),
  concurrency: row({
    names: ["FLOW_RUNNER__CONCURRENCY"],
    kind: count,
    fallback: 32,
    about: "How many tasks run at the same time.",
  }),
  outageBudget: row({
    names: ["FLOW_RUNNER__OUTAGE_BUDGET"],
    kind: duration,
    fallback: 10 * minute,
    about: "How long the API may be out of reach before the run gives up on delivering.",
  }),
  waitLimit: row({
    names: ["FLOW_RUNNER__WAIT_LIMIT"],
    kind: duration,
    fallback: 10 * minute,
    about: "A retry or queued start that is further away hands the run back to the API instead of waiting here.",
  }),
  takeoverAfter: row({
    names: ["FLOW_RUNNER__TAKEOVER_AFTER"],
    kind: duration,
    fallback: 60 * second,
    about: "Age of the last heartbeat from which a run that is Running elsewhere is taken over.",
  }),
  applicationFolder: row<string | null>({
    names: ["FLOW_RUNNER__APPLICATION_FOLDER"],
    kind: text,
    fallback: null,
    fallbackText: "the working folder",
    about: "Folder whose node_modules holds the packages that saved flows refer to.",
  }),
  resultHandler: row<HandlerChoice | null>({
    names: ["FLOW_RUNNER__RESULT_HANDLER"],
    kind: handlerChoice,
    fallback: null,
    fallbackText: "none",
    about: "Result handler of the tasks and flows that name none.",
  }),
  outputFormat: row<OutputFormat>({
    names: ["FLOW_RUNNER__FORMAT"],
    kind: outputFormat,
    fallback: "auto",
    about: "live, plain or json; auto is live on a terminal and JSON lines elsewhere.",
  }),
};

export type Settings = typeof settings;
export type SettingValues = { [Name in keyof Settings]: Settings[Name]["fallback"] };

function row<Value>(setting: Setting<Value>): Setting<Value> {
  return setting;
}
