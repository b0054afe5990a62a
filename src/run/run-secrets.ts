import type { Api } from "../cloud/index.ts";
import type { RunnerConfig } from "../config/index.ts";
import { localSecrets } from "./local-secrets.ts";

/** Secrets of a run with an API: the context's first, then the API's where the environment says so. */
export function openRunSecrets(config: RunnerConfig, api: Api): (name: string) => Promise<unknown> {
  const local = localSecrets(config);
  return async (name) => {
    if (Object.hasOwn(config.secretsFromContext, name) || config.useLocalSecrets) return local(name);
    const value = await api.secretValue(name);
    if (value === undefined)
      throw new Error(`The API has no secret "${name}". Set it with: flow-runner secrets set ${name}`);
    return value;
  };
}
