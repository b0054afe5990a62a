import type { HandlerTools } from "../../../flow/result-handler.ts";
import type { HandlerDescription } from "../../../state/index.ts";
import { type ObjectOptions, objectRules } from "../../options/object-options.ts";
import { address, checkOptions, flag, given, required, text } from "../../options/option-rules.ts";
import type { ObjectStore, StoreLimits } from "../../stores/object-store.ts";
import { ObjectResultHandler } from "./object-handler.ts";

/** @see S3ResultHandler */
export interface S3Options extends ObjectOptions {
  readonly bucket: string;
  /** Default: what the AWS environment says. */
  readonly region?: string;
  /** Another service that speaks S3; default `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else AWS. */
  readonly endpoint?: string;
  /** `https://host/bucket/key`; default true with an endpoint of your own, else false. */
  readonly forcePathStyle?: boolean;
  /**
   * The secret `{ "ACCESS_KEY", "SECRET_ACCESS_KEY"[, "SESSION_TOKEN"] }`; default `AWS_CREDENTIALS`. Where the default
   * one does not exist, the ambient chain is used (environment, profile, IRSA, instance).
   */
  readonly credentialsSecret?: string;
}

const defaultSecret = "AWS_CREDENTIALS";

/**
 * Keeps results in an S3 bucket; any structured-cloneable value, Buffers, streams and files of any size (multipart).
 *
 * Prefect 0.7: `S3ResultHandler(bucket, aws_credentials_secret)`, keys `Y/M/D/<uuid4>.prefect_result`; other than there,
 * a result that cannot be read is an error and never `None`.
 *
 * @throws `RESULT_OPTION_INVALID`
 *
 * @example
 * ```ts
 * new S3ResultHandler({ bucket: "weather", location: "{flow_name}/{task_full_name}-{today}", compression: "zstd" });
 * ```
 */
export class S3ResultHandler extends ObjectResultHandler {
  readonly #options: S3Options;

  constructor(options: S3Options) {
    checkOptions("S3ResultHandler", options, {
      bucket: required(text),
      region: text,
      endpoint: address,
      forcePathStyle: flag,
      credentialsSecret: text,
      ...objectRules,
    });
    super(options);
    this.#options = options;
  }

  protected describeOwn(): HandlerDescription {
    const { bucket, region, endpoint, forcePathStyle, credentialsSecret = defaultSecret } = this.#options;
    const more = given({ region, endpoint, forcePathStyle });
    return { type: "S3ResultHandler", bucket, aws_credentials_secret: credentialsSecret, ...more };
  }

  protected async defaultLocation(now: Date): Promise<string> {
    const { defaultKey } = await import("../../location/default-location.ts");
    return defaultKey(now);
  }

  protected async openStore(tools: HandlerTools, limits: StoreLimits): Promise<ObjectStore> {
    const { bucket, region, endpoint, forcePathStyle, credentialsSecret: name = defaultSecret } = this.#options;
    const { credentialFields, credentialsSecret } = await import("../credentials.ts");
    const secret = await credentialsSecret(tools, name, defaultSecret);
    const { openS3 } = await import("../../stores/adapters/s3-store.ts");
    const place = { bucket, region, endpoint, forcePathStyle };
    if (secret === null)
      return openS3({ ...place, credentials: null, identity: "the ambient AWS credentials" }, limits);
    const fields = credentialFields(name, secret.value, ["ACCESS_KEY", "SECRET_ACCESS_KEY"], ["SESSION_TOKEN"]);
    const credentials = {
      accessKeyId: fields.ACCESS_KEY,
      secretAccessKey: fields.SECRET_ACCESS_KEY,
      ...(fields.SESSION_TOKEN === undefined ? {} : { sessionToken: fields.SESSION_TOKEN }),
    };
    return openS3({ ...place, credentials, identity: `the secret "${name}"` }, limits);
  }
}
