import { Readable } from "node:stream";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { optionalPackage } from "../../../config/optional-package.ts";
import type { Content, ObjectStore, StoreLimits, StoreProblem } from "../object-store.ts";
import { isNetworkFailure, isPassingStatus, reasonOf } from "./network-failure.ts";

export interface S3Access {
  readonly bucket: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly forcePathStyle: boolean | undefined;
  /** Null: the ambient chain. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | null;
  /** For messages about permissions. */
  readonly identity: string;
}

/**
 * An upload has at most 10,000 parts: with this size a stream of unknown length may have 58 GiB; a file's parts are
 * chosen by its size. Small parts, two at a time, are what keeps an upload of any size under 200 MB of memory.
 */
const partBytes = { unknown: 6 * 1024 * 1024, smallest: 5 * 1024 * 1024 };
const mostParts = 9_000;

/** Opens a bucket of S3 or of what speaks its protocol. Nothing is asked of the service yet. */
export async function openS3(access: S3Access, limits: StoreLimits): Promise<ObjectStore> {
  const { S3Client } = await optionalPackage("S3 result handlers", () => import("@aws-sdk/client-s3"));
  const config = clientConfig(access, limits);
  // One try per call, since the caller repeats whole operations; parts of an upload are repeated by the client itself.
  return new S3Store(
    access,
    new S3Client({ ...config, maxAttempts: 1 }),
    new S3Client({ ...config, maxAttempts: limits.attempts }),
  );
}

function clientConfig(access: S3Access, limits: StoreLimits): S3ClientConfig {
  const endpoint = access.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const region = access.region ?? (endpoint === undefined ? undefined : (process.env.AWS_REGION ?? "us-east-1"));
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(access.credentials === null ? {} : { credentials: access.credentials }),
    forcePathStyle: access.forcePathStyle ?? endpoint !== undefined,
    followRegionRedirects: endpoint === undefined,
    // Every object carries its own sha256, and not every service that speaks S3 knows the newer checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: Math.min(10_000, limits.timeout),
      requestTimeout: limits.timeout,
      throwOnRequestTimeout: true,
    },
  };
}

class S3Store implements ObjectStore {
  readonly identity: string;
  readonly container: ObjectStore["container"];
  readonly #bucket: string;
  readonly #client: S3Client;
  readonly #uploads: S3Client;

  constructor(access: S3Access, client: S3Client, uploads: S3Client) {
    this.identity = access.identity;
    this.container = { kind: "bucket", name: access.bucket, option: "bucket" };
    this.#bucket = access.bucket;
    this.#client = client;
    this.#uploads = uploads;
  }

  where(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }

  async put(key: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
    const { PutObjectCommand } = await import("@aws-sdk/client-s3");
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: bytes }), {
      abortSignal: signal,
    });
  }

  async putStream(key: string, content: Content, signal: AbortSignal): Promise<void> {
    const { Upload } = await import("@aws-sdk/lib-storage");
    const body = content.open();
    const upload = new Upload({
      client: this.#uploads,
      params: { Bucket: this.#bucket, Key: key, Body: body },
      partSize:
        content.size === null ? partBytes.unknown : Math.max(partBytes.smallest, Math.ceil(content.size / mostParts)),
      queueSize: 2,
    });
    const abort = (): void => void upload.abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      await upload.done();
    } finally {
      signal.removeEventListener("abort", abort);
      body.destroy();
    }
  }

  async open(key: string, offset: number, signal: AbortSignal): Promise<Readable> {
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const range = offset === 0 ? {} : { Range: `bytes=${offset}-` };
    try {
      const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key, ...range }), {
        abortSignal: signal,
      });
      if (answer.Body instanceof Readable) return answer.Body;
      throw new TypeError("S3 answered without a body");
    } catch (error) {
      // The connection broke exactly at the end: there is nothing after it.
      if (offset > 0 && statusOf(error) === 416) return Readable.from([]);
      throw error;
    }
  }

  async exists(key: string, signal: AbortSignal): Promise<boolean> {
    const { HeadObjectCommand } = await import("@aws-sdk/client-s3");
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }), { abortSignal: signal });
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  explain(error: unknown): StoreProblem {
    const name = error instanceof Error ? error.name : "";
    const status = statusOf(error);
    const reason = ["", "Error", "Unknown"].includes(name)
      ? reasonOf(error, status)
      : `${name}: ${reasonOf(error, status)}`;
    if (name === "NoSuchBucket") return { kind: "container", reason };
    if (name === "CredentialsProviderError" || name === "ExpiredToken" || status === 401 || status === 403) {
      return { kind: "denied", reason };
    }
    if (status === 404) return { kind: "missing", reason };
    if (isPassingStatus(status) || isNetworkFailure(error)) return { kind: "transient", reason };
    return { kind: "other", reason };
  }
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const metadata: unknown = Reflect.get(error, "$metadata");
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const status: unknown = Reflect.get(metadata, "httpStatusCode");
  return typeof status === "number" ? status : undefined;
}
