import type { HandlerTools } from "../../../flow/result-handler.ts";
import type { HandlerDescription } from "../../../state/index.ts";
import { type ObjectOptions, objectRules } from "../../options/object-options.ts";
import { address, checkOptions, given, required, text } from "../../options/option-rules.ts";
import type { ObjectStore, StoreLimits } from "../../stores/object-store.ts";
import { ObjectResultHandler } from "./object-handler.ts";

/** @see GCSResultHandler */
export interface GCSOptions extends ObjectOptions {
  readonly bucket: string;
  /** Another endpoint; default `STORAGE_EMULATOR_HOST`, else Google's. */
  readonly apiEndpoint?: string;
  /**
   * The secret with a service account's key (its JSON); default `GCP_CREDENTIALS`, then
   * `GOOGLE_APPLICATION_CREDENTIALS`. Where the default ones do not exist, the ambient chain is used (workload
   * identity, a key file, the metadata server).
   */
  readonly credentialsSecret?: string;
}

/** Prefect 1.x's name, then 0.7's. */
const defaultSecrets = ["GCP_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"];

/**
 * Keeps results in a bucket of Google Cloud Storage; any structured-cloneable value, Buffers, streams and files of any
 * size (resumable upload).
 *
 * Prefect 0.7: `GCSResultHandler(bucket, credentials_secret)`; 1.x: `GCSResult(bucket)` with `GCP_CREDENTIALS`.
 *
 * @throws `RESULT_OPTION_INVALID`
 *
 * @example
 * ```ts
 * new GCSResultHandler({ bucket: "weather" });
 * ```
 */
export class GCSResultHandler extends ObjectResultHandler {
  readonly #options: GCSOptions;

  constructor(options: GCSOptions) {
    checkOptions("GCSResultHandler", options, {
      bucket: required(text),
      apiEndpoint: address,
      credentialsSecret: text,
      ...objectRules,
    });
    super(options);
    this.#options = options;
  }

  protected describeOwn(): HandlerDescription {
    const { bucket, apiEndpoint, credentialsSecret } = this.#options;
    return { type: "GCSResultHandler", bucket, ...given({ credentials_secret: credentialsSecret, apiEndpoint }) };
  }

  protected async defaultLocation(now: Date): Promise<string> {
    const { defaultKey } = await import("../../location/default-location.ts");
    return defaultKey(now);
  }

  protected async openStore(tools: HandlerTools, limits: StoreLimits): Promise<ObjectStore> {
    const { bucket, apiEndpoint, credentialsSecret: chosen } = this.#options;
    const { credentialFields, credentialsSecret } = await import("../credentials.ts");
    const { openGCS } = await import("../../stores/adapters/gcs-store.ts");
    for (const name of chosen === undefined ? defaultSecrets : [chosen]) {
      const secret = await credentialsSecret(tools, name, chosen === undefined ? name : "");
      if (secret === null) continue;
      const credentials = credentialFields(name, secret.value, ["client_email", "private_key"], []);
      return openGCS({ bucket, apiEndpoint, credentials, identity: `the secret "${name}"` }, limits);
    }
    return openGCS({ bucket, apiEndpoint, credentials: null, identity: "the ambient Google credentials" }, limits);
  }
}
