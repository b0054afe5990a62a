import { apiSettings } from "./api-settings.ts";
import { folderSettings } from "./folder-settings.ts";
import { loggingSettings } from "./logging-settings.ts";
import type { ValuesOf } from "./read-settings.ts";
import { resultSettings } from "./result-settings.ts";
import { runSettings } from "./run-settings.ts";
import { secretSettings } from "./secret-settings.ts";
import { taskSettings } from "./task-settings.ts";

/**
 * Every setting of the runner, in one place (an agent's own are in `agent-settings.ts`): `parseRunnerEnvironment` reads it, and `flow-runner environment` and the
 * README are written from it. Names that begin with `PREFECT__` are Prefect's and mean what they mean there; ours begin
 * with `FLOW_RUNNER__`. What Prefect has besides is in `not-honoured.ts`.
 */
export const settings = {
  ...apiSettings,
  ...runSettings,
  ...taskSettings,
  ...resultSettings,
  ...secretSettings,
  ...loggingSettings,
  ...folderSettings,
};

export type SettingValues = ValuesOf<typeof settings>;
