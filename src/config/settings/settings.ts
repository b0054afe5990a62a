import { apiSettings } from "./areas/api-settings.ts";
import { flowSettings } from "./areas/flow-settings.ts";
import { folderSettings } from "./areas/folder-settings.ts";
import { loggingSettings } from "./areas/logging-settings.ts";
import { resultSettings } from "./areas/result-settings.ts";
import { runSettings } from "./areas/run-settings.ts";
import { secretSettings } from "./areas/secret-settings.ts";
import { taskSettings } from "./areas/task-settings.ts";
import { telemetrySettings } from "./areas/telemetry-settings.ts";
import type { ValuesOf } from "./read-settings.ts";

/**
 * Every setting of the runner, in one place (an agent's own are in `agent-settings.ts`): `parseRunnerEnvironment` reads it, and `flow-runner environment` and the
 * documentation are written from it. Names that begin with `PREFECT__` are Prefect's and mean what they mean there; ours begin
 * with `FLOW_RUNNER__`. What Prefect has besides is in `not-honoured.ts`.
 */
export const settings = {
  ...apiSettings,
  ...runSettings,
  ...flowSettings,
  ...taskSettings,
  ...resultSettings,
  ...secretSettings,
  ...loggingSettings,
  ...folderSettings,
  ...telemetrySettings,
};

export type SettingValues = ValuesOf<typeof settings>;
