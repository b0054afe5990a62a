import { type ConfigFile, readConfigFile } from "./prefect/config-file.ts";
import { Configuration, isTable } from "./prefect/configuration.ts";
import { agentSettings } from "./settings/areas/agent-settings.ts";
import { readSettings } from "./settings/read-settings.ts";
import type { LogLevelName } from "./settings/value-kinds.ts";

/** What an agent is told by its environment; the settings table documents each field. */
export interface AgentConfig {
  readonly name: string;
  readonly labels: readonly string[];
  /** For the environment of every run. */
  readonly env: Readonly<Record<string, string>>;
  /** Null: as for everything else. */
  readonly logLevel: LogLevelName | null;
  readonly address: string | null;
}

/**
 * Reads the settings of an agent, as `prefect.agent.Agent` of 0.7 and 1.x does.
 *
 * @param file Prefect's configuration file; left out: the one that the environment names.
 * @throws FlowRunnerError `ENVIRONMENT_INVALID`, `CONFIG_FILE_INVALID`
 */
export function parseAgentEnvironment(env: NodeJS.ProcessEnv, file: ConfigFile = readConfigFile(env)): AgentConfig {
  const configuration = new Configuration(env, file);
  const values = readSettings(agentSettings, configuration);
  return {
    name: values.agentName,
    labels: values.agentLabels,
    env: values.agentEnv ?? variablesIn(configuration),
    logLevel: values.agentLogLevel,
    address: values.agentAddress,
  };
}

/** `[cloud.agent.env_vars]`: as a section its names keep their case, which those of variables do not. */
function variablesIn(configuration: Configuration): Record<string, string> {
  const { cloud } = configuration.file.tables;
  const section = isTable(cloud) && isTable(cloud.agent) ? cloud.agent.env_vars : undefined;
  if (!isTable(section)) return {};
  return Object.fromEntries(
    Object.entries(section).map(([name, value]) => [
      name,
      typeof value === "string" ? configuration.resolveSecret({ text: value, from: "file" }) : String(value),
    ]),
  );
}
