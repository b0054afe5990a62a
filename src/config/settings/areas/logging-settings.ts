import { row, second } from "../setting.ts";
import {
  flag,
  interval,
  type LogLevelName,
  logLevel,
  type OutputFormat,
  outputFormat,
  textList,
} from "../value-kinds.ts";

/** What is logged, and where to. */
export const loggingSettings = {
  logLevel: row<LogLevelName>({
    names: ["PREFECT__LOGGING__LEVEL"],
    kind: logLevel,
    fallback: "INFO",
    about: "Log records below this level are dropped.",
  }),
  extraLoggers: row<readonly string[]>({
    names: ["PREFECT__LOGGING__EXTRA_LOGGERS"],
    kind: textList,
    fallback: [],
    fallbackText: "none",
    about: 'Loggers of libraries (of the package debug, as in ["express"]) whose lines are records of the run\'s log.',
  }),
  sendLogs: row({
    names: ["PREFECT__CLOUD__SEND_FLOW_RUN_LOGS", "PREFECT__LOGGING__LOG_TO_CLOUD"],
    kind: flag,
    fallback: true,
    about: "Send the run's log to the API.",
  }),
  logInterval: row({
    names: ["PREFECT__CLOUD__LOGGING_HEARTBEAT"],
    kind: interval,
    fallback: 5 * second,
    about: "Time between two shipments of the log.",
  }),
  outputFormat: row<OutputFormat>({
    names: ["FLOW_RUNNER__FORMAT"],
    kind: outputFormat,
    fallback: "auto",
    about: "live, plain or json; auto is live on a terminal and JSON lines elsewhere.",
  }),
};
