import { homedir } from "node:os";
import { resolve } from "node:path";
import { FlowRunnerError } from "../errors/index.ts";
import { type DialectName, dialectOf } from "./dialect.ts";
import { expandPath } from "./prefect/cast.ts";
import { type ConfigFile, readConfigFile } from "./prefect/config-file.ts";
import { Configuration } from "./prefect/configuration.ts";
import { contextFrom, secretsFrom } from "./prefect/context.ts";
import { type Ignored, ignoredSettings } from "./settings/not-honoured.ts";
import { type RateLimiting, rateLimitingFrom } from "./settings/rate-limiting.ts";
import { readSettings } from "./settings/read-settings.ts";
import { type SettingValues, settings } from "./settings/settings.ts";
import type { OnStopName } from "./settings/value-kinds.ts";

type Parsed =
  | "prefect3Url"
  | "prefect3Key"
  | "prefectFolder"
  | "applicationFolder"
  | "onStop"
  | "controlPort"
  | "controlToken"
  | "rateLimitBackoff"
  | "rateLimitMultiplier"
  | "rateLimitExponent";

/** What every process knows from its environment; times are milliseconds. The settings table documents each field. */
export interface LocalConfig extends Omit<SettingValues, Parsed | "rateLimitRetries" | "configFile"> {
  /** Absolute. */
  readonly prefectFolder: string;
  /** Absolute; null: none was named. */
  readonly applicationFolder: string | null;
  /** Of the API that the environment names, as chosen or as it seems. */
  readonly apiDialect: DialectName;
  readonly onStop: OnStopName;
  /** Null: no worker of Prefect 3 listens to this process. */
  readonly control: ControlAddress | null;
  /** Null: an answer 429 is waited out like any other failure. */
  readonly rateLimiting: RateLimiting | null;
  /** The initial run context, from `PREFECT__CONTEXT__…`; without secrets. */
  readonly context: Readonly<Record<string, unknown>>;
  /** From `PREFECT__CONTEXT__SECRETS__NAME`, character by character. Never shown. */
  readonly secretsFromContext: Readonly<Record<string, string>>;
  /** Settings of Prefect's that are set and have no effect here. */
  readonly ignored: readonly Ignored[];
}

/** Where a process worker of Prefect 3 listens, on the loopback interface, and what it knows its child by. */
export interface ControlAddress {
  readonly port: number;
  readonly token: string;
}

/** All that `execute` needs. */
export interface RunnerConfig extends LocalConfig {
  readonly apiUrl: string;
  readonly flowRunId: string;
}

/**
 * Reads the environment of a process that writes, saves or runs flows here: nothing is required.
 *
 * @param file Prefect's configuration file; left out: the one that the environment names.
 * @throws FlowRunnerError `ENVIRONMENT_INVALID`, `CONFIG_FILE_INVALID`
 */
export function parseAuthorEnvironment(env: NodeJS.ProcessEnv, file: ConfigFile = readConfigFile(env)): LocalConfig {
  return localConfig(new Configuration(env, file));
}

function localConfig(configuration: Configuration, defaults: Partial<SettingValues> = {}): LocalConfig {
  const { env } = configuration;
  const { rateLimitBackoff, rateLimitMultiplier, rateLimitExponent, rateLimitRetries, configFile, ...read } =
    readSettings(settings, configuration, defaults);
  const { prefect3Url, prefect3Key, controlPort: port, controlToken: token, ...values } = read;
  const apiDialect = dialectOf(values.dialect, configuration);
  const of3 = apiDialect === "3";
  return {
    ...values,
    apiUrl: (of3 ? prefect3Url : null) ?? values.apiUrl ?? apiOf(values.graphqlUrl),
    apiKey: of3 ? prefect3Key : values.apiKey,
    apiDialect,
    // A flow of Prefect 3 that is told to stop is Crashed.
    onStop: values.onStop ?? (of3 ? "crash" : "fail"),
    control: of3 && port !== null && token !== null ? { port, token } : null,
    prefectFolder: resolve(expandPath(values.prefectFolder ?? `${env.HOME || homedir()}/.prefect`, env)),
    applicationFolder: values.applicationFolder && resolve(expandPath(values.applicationFolder, env)),
    rateLimiting: rateLimitingFrom({ rateLimitBackoff, rateLimitMultiplier, rateLimitExponent, rateLimitRetries }),
    context: contextFrom(configuration),
    secretsFromContext: secretsFrom(configuration),
    ignored: ignoredSettings(configuration),
  };
}

/** Prefect 0.7: `cloud.graphql` is `${cloud.api}/graphql/alpha`; 1.x: `${cloud.api}/graphql`. */
const apiOf = (graphqlUrl: string | null): string | null => graphqlUrl?.replace(/\/graphql(\/alpha)?$/, "") ?? null;

/**
 * Reads the environment that an agent gives to the container of a flow run.
 *
 * Checkpointing is on unless the environment turns it off, so that a run whose container died can go on. Prefect 0.7
 * and 1.x: the cloud task runner always has it on.
 *
 * @param file Prefect's configuration file; left out: the one that the environment names.
 * @throws FlowRunnerError `ENVIRONMENT_INVALID`, `CONFIG_FILE_INVALID`, `FLOW_RUN_ID_MISSING`, `API_ADDRESS_MISSING`
 * @example
 * ```ts
 * const config = parseRunnerEnvironment(process.env);
 * config.heartbeatInterval; // 30000
 * ```
 */
export function parseRunnerEnvironment(env: NodeJS.ProcessEnv, file: ConfigFile = readConfigFile(env)): RunnerConfig {
  const config = localConfig(new Configuration(env, file), { checkpointing: true });
  if (config.flowRunId === null) throw new FlowRunnerError("FLOW_RUN_ID_MISSING", {});
  if (config.apiUrl === null) throw new FlowRunnerError("API_ADDRESS_MISSING", {});
  return { ...config, flowRunId: config.flowRunId, apiUrl: config.apiUrl };
}
