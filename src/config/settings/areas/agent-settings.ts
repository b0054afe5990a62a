import { row } from "../setting.ts";
import { type LogLevelName, logLevel, text, textList, variables } from "../value-kinds.ts";

/**
 * What `flow-runner agent` is told without flags, as Prefect's agents are. The process of a flow run does not read them:
 * Prefect's agents leave some of them in its environment.
 */
export const agentSettings = {
  agentName: row({
    names: ["PREFECT__CLOUD__AGENT__NAME"],
    kind: text,
    fallback: "agent",
    about: "`agent`: its name with the API and in the logs.",
  }),
  agentLabels: row<readonly string[]>({
    names: ["PREFECT__CLOUD__AGENT__LABELS"],
    kind: textList,
    fallback: [],
    fallbackText: "none",
    about: '`agent`: its labels, as in `["gpu", "eu"]`. An agent gives its own to the runs that it starts.',
  }),
  agentEnv: row<Readonly<Record<string, string>> | null>({
    names: ["PREFECT__CLOUD__AGENT__ENV_VARS"],
    kind: variables,
    fallback: null,
    secret: true,
    about:
      '`agent`: variables for the environment of every run, as in `{"STATION": "Seattle"}`; in the configuration file the section `[cloud.agent.env_vars]`.',
  }),
  agentLogLevel: row<LogLevelName | null>({
    names: ["PREFECT__CLOUD__AGENT__LEVEL"],
    kind: logLevel,
    fallback: null,
    fallbackText: "as PREFECT__LOGGING__LEVEL",
    about: "`agent`: its own log records below this level are dropped.",
  }),
  agentAddress: row<string | null>({
    names: ["PREFECT__CLOUD__AGENT__AGENT_ADDRESS"],
    kind: text,
    fallback: null,
    about: "`agent`: where it answers /api/health and /api/poke.",
  }),
};
