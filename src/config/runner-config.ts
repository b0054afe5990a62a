import { homedir } from "node:os";
import { resolve } from "node:path";
import { FlowRunnerError } from "../errors/index.ts";
import { expandPath } from "./cast.ts";
import { contextFrom, secretsFrom } from "./context.ts";
import { readSettings } from "./read-settings.ts";
import type { SettingValues } from "./settings.ts";

/** What every process knows from its environment; times are milliseconds. The settings table documents each field. */
export interface LocalConfig extends Omit<SettingValues, "prefectFolder" | "applicationFolder"> {
  /** Absolute. */
  readonly prefectFolder: string;
  /** Absolute; null: none was named. */
  readonly applicationFolder: string | null;
  /** The initial run context, from `PREFECT__CONTEXT__…`; without secrets. */
  readonly context: Readonly<Record<string, unknown>>;
  /** From `PREFECT__CONTEXT__SECRETS__NAME`, character by character. Never shown. */
  readonly secretsFromContext: Readonly<Record<string, string>>;
}

/** All that `execute` needs. */
export interface RunnerConfig extends LocalConfig {
  readonly apiUrl: string;
  readonly flowRunId: string;
}

/**
 * Reads the environment of a process that writes, saves or runs flows here: nothing is required.
 *
 * @throws FlowRunnerError `ENVIRONMENT_INVALID`
 */
export function parseAuthorEnvironment(env: NodeJS.ProcessEnv): LocalConfig {
  return localConfig(readSettings(env), env);
}

function localConfig(values: SettingValues, env: NodeJS.ProcessEnv): LocalConfig {
  return {
    ...values,
    prefectFolder: resolve(expandPath(values.prefectFolder ?? `${env.HOME || homedir()}/.prefect`, env)),
    applicationFolder: values.applicationFolder && resolve(expandPath(values.applicationFolder, env)),
    context: contextFrom(env),
    secretsFromContext: secretsFrom(env),
  };
}

/**
 * Reads the environment that an agent gives to the container of a flow run.
 *
 * Checkpointing is on unless the environment turns it off, so that a run whose container died can go on. Prefect 0.7
 * and 1.x: the cloud task runner always has it on.
 *
 * @throws FlowRunnerError `ENVIRONMENT_INVALID`, `FLOW_RUN_ID_MISSING`, `API_ADDRESS_MISSING`
 * @example
 * ```ts
 * const config = parseRunnerEnvironment(process.env);
 * config.heartbeatInterval; // 30000
 * ```
 */
export function parseRunnerEnvironment(env: NodeJS.ProcessEnv): RunnerConfig {
  const config = localConfig(readSettings(env, { checkpointing: true }), env);
  if (config.flowRunId === null) throw new FlowRunnerError("FLOW_RUN_ID_MISSING", {});
  if (config.apiUrl === null) throw new FlowRunnerError("API_ADDRESS_MISSING", {});
  return { ...config, flowRunId: config.flowRunId, apiUrl: config.apiUrl };
}
