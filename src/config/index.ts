export { type AgentConfig, parseAgentEnvironment } from "./agent-config.ts";
export { type DialectName, endpoint07, type GraphqlDialectName } from "./dialect.ts";
export type { ConfigFile } from "./prefect/config-file.ts";
export { type ApiAccess, findApiAccess, profileNames, profilePath } from "./profile.ts";
export {
  type ControlAddress,
  type LocalConfig,
  parseAuthorEnvironment,
  parseRunnerEnvironment,
  type RunnerConfig,
} from "./runner-config.ts";
export { type Ignored, notHonoured } from "./settings/not-honoured.ts";
export type { RateLimiting } from "./settings/rate-limiting.ts";
export { environmentMarkdown, settingLines } from "./settings/reference.ts";
export type { Kind, OutputFormat } from "./settings/value-kinds.ts";
export * as kinds from "./settings/value-kinds.ts";
export { logLevels, outputFormats } from "./settings/value-kinds.ts";
export { version } from "./version.ts";
