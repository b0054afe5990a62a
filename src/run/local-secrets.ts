import type { LocalConfig } from "../config/index.ts";

/** Secrets of a run without an API: those of the context (`PREFECT__CONTEXT__SECRETS__NAME`). */
export function localSecrets(config: LocalConfig): (name: string) => Promise<unknown> {
  return async (name) => {
    const value = config.secretsFromContext[name];
    if (value === undefined)
      throw new Error(`Local Secret "${name}" was not found. Set PREFECT__CONTEXT__SECRETS__${name}.`);
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  };
}
