export { castContextValue } from "./cast.ts";
export type { HandlerChoice } from "./default-handler.ts";
export { type AccessSources, type ApiAccess, findApiAccess, localApi, profilePath } from "./profile.ts";
export type { SettingProblem } from "./read-settings.ts";
export { type SettingLine, settingLines, settingsMarkdown } from "./reference.ts";
export {
  type LocalConfig,
  parseAuthorEnvironment,
  parseRunnerEnvironment,
  type RunnerConfig,
} from "./runner-config.ts";
export { type Setting, type Settings, settings } from "./settings.ts";
export type { Kind } from "./value-kinds.ts";
export * as kinds from "./value-kinds.ts";
export { type LogLevelName, logLevels, type OutputFormat, outputFormats } from "./value-kinds.ts";
export { version } from "./version.ts";
