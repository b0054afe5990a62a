import { FlowRunnerError } from "../../errors/index.ts";
import type { Configuration, Found } from "../prefect/configuration.ts";
import type { Setting } from "./setting.ts";

/** A setting that is set to something it cannot be. */
export interface SettingProblem {
  readonly variable: string;
  /** Where it was found, when not in the environment. */
  readonly file: string | null;
  /** Null when it is a secret. */
  readonly value: string | null;
  readonly allowed: string;
}

/** The Nomad agent of Prefect 0.7 sets PREFECT__CLOUD__AUTH_TOKEN to this and the token elsewhere. */
const nomadPlaceholder = "XX";

type Table = Readonly<Record<string, Setting<unknown>>>;
export type ValuesOf<Of extends Table> = { [Name in keyof Of]: Of[Name]["fallback"] };

/**
 * Reads every setting of a table from the environment and Prefect's configuration file. A variable that is empty counts
 * as not set: agents pass `PREFECT__CLOUD__TENANT_ID=""`.
 *
 * @param defaults What a process does where neither the environment nor the table's own default is to decide.
 * @throws FlowRunnerError `ENVIRONMENT_INVALID`, which names every variable that is wrong, not only the first.
 */
export function readSettings<Of extends Table>(
  table: Of,
  configuration: Configuration,
  defaults: Partial<ValuesOf<Of>> = {},
): ValuesOf<Of> {
  const problems: SettingProblem[] = [];
  const values = Object.entries(table).flatMap(([name, setting]) => {
    const value = readSetting(setting, configuration, problems);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (problems.length > 0) throw new FlowRunnerError("ENVIRONMENT_INVALID", { problems });
  const fallbacks = Object.entries(table).map(([name, setting]) => [name, setting.fallback] as const);
  return { ...Object.fromEntries(fallbacks), ...defaults, ...Object.fromEntries(values) } as ValuesOf<Of>;
}

function readSetting(setting: Setting<unknown>, configuration: Configuration, problems: SettingProblem[]): unknown {
  for (const found of configuration.find(setting.names)) {
    if (setting.secret && found.text === nomadPlaceholder) continue;
    const value = resolve(setting, found, configuration);
    const parsed = setting.kind.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    problems.push({
      variable: found.name,
      file: found.from === "file" ? configuration.file.path : null,
      value: setting.secret ? null : value,
      allowed: setting.kind.allowed,
    });
    break;
  }
  return undefined;
}

/** Ours are taken as they are: only Prefect's values refer to others. */
function resolve({ secret, verbatim }: Setting<unknown>, found: Found & { name: string }, from: Configuration): string {
  if (secret) return from.resolveSecret(found);
  return verbatim || !found.name.startsWith("PREFECT__") ? found.text : from.resolve(found.text);
}
