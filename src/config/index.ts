export { castContextValue } from "./cast.ts";
export type { HandlerChoice } from "./default-handler.ts";
export type { SettingProblem } from "./read-settings.ts";
export {
  type LocalConfig,
  parseAuthorEnvironment,
  parseRunnerEnvironment,
  type RunnerConfig,
} from "./runner-config.ts";
export { type Setting, type Settings, settings } from "./settings.ts";
export { type LogLevelName, logLevels } from "./value-kinds.ts";
