import type { Api } from "../cloud/index.ts";
import type { LocalConfig } from "../config/index.ts";
import { createMasker, type Masker, openSecrets } from "../secrets/index.ts";

/** The secrets of one run, and what keeps them out of everything that leaves it. */
export interface RunSecrets {
  get(name: string): Promise<unknown>;
  readonly masker: Masker;
}

/**
 * Opens a run's secrets from where the deployment says; without a word of it, from the context and mounted files and,
 * where `PREFECT__CLOUD__USE_LOCAL_SECRETS` is false, from the API.
 *
 * What is known at the start (the context's secrets, the API's key) is masked from the start.
 *
 * @param api - null: the run has none
 * @param onWarning - told which secrets are too short to be masked
 */
export function openRunSecrets(config: LocalConfig, api: Api | null, onWarning: (text: string) => void): RunSecrets {
  const masker = createMasker({ onWarning });
  for (const [name, value] of Object.entries(config.secretsFromContext)) masker.register(name, value);
  if (config.apiKey !== null) masker.register("the API key", config.apiKey);
  const asksApi = api !== null && !config.useLocalSecrets;
  const secrets = openSecrets({
    order: config.secretProviders ?? (asksApi ? ["context", "file", "api"] : ["context", "file"]),
    context: config.secretsFromContext,
    api: api === null ? null : (name) => api.secretValue(name),
    folder: config.secretFolder,
    timeout: config.secretTimeout,
    masker,
  });
  return { get: (name) => secrets.get(name), masker };
}
