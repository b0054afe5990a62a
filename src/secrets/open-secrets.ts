import { FlowRunnerError } from "../errors/index.ts";
import type { Masker } from "./masking/masker.ts";
import { defaultOrder, parseProviderOrder } from "./provider-order.ts";
import { type AskApi, apiProvider } from "./providers/api-provider.ts";
import { type AwsOptions, awsProvider } from "./providers/aws-provider.ts";
import { contextProvider } from "./providers/context-provider.ts";
import { fileProvider } from "./providers/file-provider.ts";
import { type GcpOptions, gcpProvider } from "./providers/gcp-provider.ts";
import type { Finding, SecretProvider } from "./providers/provider.ts";
import { parseSecretName, type SecretName } from "./secret-name.ts";
import { parseSecret } from "./secret-value.ts";

/** @see openSecrets */
export interface SecretsOptions {
  /**
   * Which providers are asked for a name that names none, in this order: `["context", "gcp"]` or `context,gcp`. Default
   * context, file, api. Any provider can be named explicitly (`gcp:…`), whether it is in the order or not.
   */
  readonly order?: readonly string[] | string;
  /** Secrets of the context: `PREFECT__CONTEXT__SECRETS__NAME` by `NAME`. */
  readonly context?: Readonly<Record<string, string>>;
  /** How the run's API is asked; none: there is no API. */
  readonly api?: AskApi | null;
  /** Where secrets are mounted as files; default `/run/secrets`. */
  readonly folder?: string;
  readonly aws?: AwsOptions;
  readonly gcp?: GcpOptions;
  /** Providers of the deployment's own; they may be in the order, and prefix a name. */
  readonly custom?: readonly SecretProvider[];
  /** Milliseconds for one secret, over all providers; default 30,000. */
  readonly timeout?: number;
  /** Told every value that is fetched, before anybody gets it. */
  readonly masker?: Masker | null;
}

/** The secrets of one run. */
export interface Secrets {
  /**
   * Fetches a secret, once per run: later calls get the same value, calls at the same time share one fetch, and a
   * failure is tried anew by the next call.
   *
   * @throws `SECRET_NOT_FOUND`, `SECRET_UNAVAILABLE`, `SECRET_NAME_INVALID`; none of them holds a value
   */
  get(name: string): Promise<unknown>;
}

/**
 * Opens the secrets of a run. Nothing is fetched, and no cloud's client loaded, before a secret is asked for.
 *
 * The first provider in the order that has the name decides. One that fails ends the search, so that an outage cannot
 * put another provider's value in the place of the right one.
 *
 * Prefect 0.7: the context first, then the API; a text that parses as JSON is parsed.
 *
 * @throws `SECRET_PROVIDER_UNKNOWN` for an order with a provider that does not exist
 *
 * @example
 * ```ts
 * const secrets = openSecrets({ context: config.secretsFromContext, api: (name) => api.secretValue(name), masker });
 * await secrets.get("DATABASE_URL");
 * await secrets.get("aws:prod/database#password");
 * ```
 */
export function openSecrets(options: SecretsOptions): Secrets {
  const providers = [
    contextProvider(options.context ?? {}),
    fileProvider(options.folder ?? "/run/secrets"),
    apiProvider(options.api ?? null),
    gcpProvider(options.gcp ?? {}),
    awsProvider(options.aws ?? {}),
    ...(options.custom ?? []),
  ];
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  const known = [...byName.keys()];
  const order = orderOf(options.order ?? defaultOrder, known).flatMap((name) => byName.get(name) ?? []);
  const fetched = new Map<string, Promise<unknown>>();

  const fetch = async (name: string): Promise<unknown> => {
    const parsed = parseSecretName(name, known);
    const named = parsed.provider === null ? undefined : byName.get(parsed.provider);
    const value = await search(name, parsed, named === undefined ? order : [named], options.timeout ?? 30_000);
    options.masker?.register(name, value);
    return parseSecret(value);
  };

  return {
    get: (name) => {
      const known = fetched.get(name);
      if (known !== undefined) return known;
      const fresh = fetch(name).catch((error: unknown) => {
        fetched.delete(name);
        throw error;
      });
      fetched.set(name, fresh);
      return fresh;
    },
  };
}

function orderOf(order: readonly string[] | string, known: readonly string[]): string[] {
  return parseProviderOrder(typeof order === "string" ? order : order.join(","), known);
}

/** Asks one provider after the other; resolves with the value as it was found, not yet parsed. */
async function search(
  name: string,
  { key, field }: SecretName,
  providers: readonly SecretProvider[],
  timeout: number,
): Promise<unknown> {
  const asked: { provider: string; said: string }[] = [];
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${timeout / 1000} s`)), timeout);
  try {
    for (const provider of providers) {
      const finding = await ask(provider, key, limit.signal).catch((error: unknown) => {
        const reason = error instanceof Error ? (error.message.split("\n", 1)[0] ?? error.name) : String(error);
        // The client's error itself stays behind: it holds the request, with tokens in its headers.
        throw new FlowRunnerError("SECRET_UNAVAILABLE", { name, provider: provider.name, reason, asked });
      });
      const picked = finding.found && field !== null ? pick(finding.value, field) : finding;
      if (picked.found) return picked.value;
      asked.push({ provider: provider.name, said: picked.said });
    }
  } finally {
    clearTimeout(timer);
  }
  throw new FlowRunnerError("SECRET_NOT_FOUND", { name, asked });
}

/** A provider's answer, or the end of the time: also where its client does not listen to the signal. */
function ask(provider: SecretProvider, key: string, signal: AbortSignal): Promise<Finding> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    provider.find(key, signal).then(resolve, reject);
  });
}

function pick(value: unknown, field: string): Finding {
  const object = parseSecret(value);
  if (typeof object === "object" && object !== null && Object.hasOwn(object, field)) {
    return { found: true, value: Reflect.get(object, field) };
  }
  const kind = typeof object === "object" && object !== null ? `it has no field "${field}"` : "it is no JSON object";
  return { found: false, said: kind };
}
