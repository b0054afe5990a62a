import type { Api } from "../../cloud/index.ts";
import type { LocalConfig } from "../../config/index.ts";
import type { Host } from "../../engine/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import {
  createMasker,
  here,
  type Masker,
  notHere,
  openSecrets,
  type SecretProvider,
  type Secrets,
} from "../../secrets/index.ts";

/** The secrets of one run, and what keeps them out of everything that leaves it. */
export interface RunSecrets {
  get(name: string): Promise<unknown>;
  /**
   * Fetches the secrets that are inputs of a flow's tasks, all at once, so that they are masked from the first task on
   * and a chain of tasks does not wait for them one by one. What cannot be fetched is left to the task that needs it.
   * Resolves early when `signal` aborts.
   */
  fetchInputs(graph: FlowGraph, signal: AbortSignal): Promise<void>;
  /**
   * Adds the providers that a flow brings itself, once it is loaded.
   *
   * @throws FlowRunnerError `SECRET_PROVIDER_UNKNOWN` for an order that names a provider which does not exist
   */
  provide(graph: FlowGraph, host: Pick<Host, "call">): void;
  readonly masker: Masker;
}

/** A provider of the flow's own: its code is run in the host. */
function ownProvider(name: string, host: Pick<Host, "call">): SecretProvider {
  return {
    name,
    find: async (key) => {
      const outcome = await host.call({ fn: "secretProvider", provider: name, key });
      if (outcome.kind === "error") throw new Error(outcome.error.message);
      return outcome.kind === "ok" && outcome.fires ? here(outcome.value) : notHere(`it has no ${key}`);
    },
  };
}

/**
 * Opens a run's secrets from where the deployment says; without a word of it, from the context and mounted files and,
 * where it is one of Prefect 3 or `PREFECT__CLOUD__USE_LOCAL_SECRETS` is false, from the API.
 *
 * What is known at the start (the context's secrets, the API's key) is masked from the start.
 *
 * @param api - null: the run has none
 * @param onWarning - told which of the secrets that the flow uses are too short to be masked
 */
export function openRunSecrets(
  config: LocalConfig,
  api: Pick<Api, "prefect3" | "secretValue"> | null,
  onWarning: (text: string) => void,
): RunSecrets {
  let isOpen = false;
  const masker = createMasker({ onWarning: (text) => isOpen && onWarning(text) });
  for (const [name, value] of Object.entries(config.secretsFromContext)) masker.register(name, value);
  if (config.apiKey !== null) masker.register("the API key", config.apiKey);
  isOpen = true;
  // Workers of Prefect 3 say nothing of local secrets.
  const asksApi = api !== null && (api.prefect3 !== undefined || !config.useLocalSecrets);
  const usual = asksApi ? ["context", "file", "api"] : ["context", "file"];
  const open = (custom: readonly SecretProvider[]): Secrets =>
    openSecrets({
      order: config.secretProviders ?? [...usual, ...custom.map(({ name }) => name)],
      custom,
      context: config.secretsFromContext,
      api: api === null ? null : (name, signal) => api.secretValue(name, { signal }),
      folder: config.secretFolder,
      timeout: config.secretTimeout,
      masker,
    });
  let secrets: Secrets | null = null;
  const get = (name: string): Promise<unknown> => {
    secrets ??= open([]);
    return secrets.get(name);
  };
  return {
    get,
    provide: ({ secretProviders = [] }, host) => {
      secrets = open(secretProviders.map((name) => ownProvider(name, host)));
    },
    fetchInputs: async ({ tasks }, signal) => {
      if (signal.aborted) return;
      const names = new Set(tasks.filter(({ kind }) => kind === "secret").map(({ name }) => name));
      const fetched = Promise.allSettled([...names].map(get));
      const stopped = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      await Promise.race([fetched, stopped]);
    },
    masker,
  };
}
