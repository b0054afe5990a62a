export { type ApiAccess, findApiAccess, profilePath } from "./profile.ts";
export { settingLines, settingsMarkdown } from "./reference.ts";
export {
  type LocalConfig,
  parseAuthorEnvironment,
  parseRunnerEnvironment,
  type RunnerConfig,
} from "./runner-config.ts";
export type { Kind, OutputFormat } from "./value-kinds.ts";
export * as kinds from "./value-kinds.ts";
export { logLevels, outputFormats } from "./value-kinds.ts";
export { version } from "./version.ts";
