import { FlowRunnerError } from "../errors/index.ts";
import { type Setting, type SettingValues, settings } from "./settings.ts";

/** A variable that is set to something it cannot be. */
export interface SettingProblem {
  readonly variable: string;
  /** Null when it is a secret. */
  readonly value: string | null;
  readonly allowed: string;
}

/** The Nomad agent of Prefect 0.7 sets PREFECT__CLOUD__AUTH_TOKEN to this and the token elsewhere. */
const nomadPlaceholder = "XX";

/**
 * Reads every setting from the environment. A variable that is empty counts as not set: agents pass
 * `PREFECT__CLOUD__TENANT_ID=""`.
 *
 * @param defaults What a process does where neither the environment nor the table's own default is to decide.
 * @throws FlowRunnerError `ENVIRONMENT_INVALID`, which names every variable that is wrong, not only the first.
 */
export function readSettings(env: NodeJS.ProcessEnv, defaults: Partial<SettingValues> = {}): SettingValues {
  const problems: SettingProblem[] = [];
  const values = Object.entries(settings).flatMap(([name, setting]) => {
    const value = readSetting(setting, env, problems);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (problems.length > 0) throw new FlowRunnerError("ENVIRONMENT_INVALID", { problems });
  const fallbacks = Object.entries(settings).map(([name, setting]) => [name, setting.fallback] as const);
  return { ...Object.fromEntries(fallbacks), ...defaults, ...Object.fromEntries(values) } as SettingValues;
}

function readSetting(setting: Setting<unknown>, env: NodeJS.ProcessEnv, problems: SettingProblem[]): unknown {
  for (const variable of setting.names) {
    const value = env[variable];
    if (value === undefined || value === "" || (setting.secret && value === nomadPlaceholder)) continue;
    const parsed = setting.kind.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    problems.push({ variable, value: setting.secret ? null : value, allowed: setting.kind.allowed });
    break;
  }
  return undefined;
}
