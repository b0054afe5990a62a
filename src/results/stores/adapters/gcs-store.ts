import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bucket, StorageOptions } from "@google-cloud/storage";
import { optionalPackage } from "../../../config/optional-package.ts";
import type { Content, ObjectStore, StoreLimits, StoreProblem } from "../object-store.ts";
import { isNetworkFailure, isPassingStatus, reasonOf } from "./network-failure.ts";

export interface GCSAccess {
  readonly bucket: string;
  readonly apiEndpoint: string | undefined;
  /** A service account's key; null: the ambient chain. */
  readonly credentials: { client_email: string; private_key: string } | null;
  /** For messages about permissions. */
  readonly identity: string;
}

/** Bytes of one request of a resumable upload: a multiple of 256 KiB, and what is sent again when it fails. */
const chunkSize = 8 * 1024 * 1024;

/** Opens a bucket of Google Cloud Storage, or of an emulator (`STORAGE_EMULATOR_HOST`). Nothing is asked of it yet. */
export async function openGCS(access: GCSAccess, limits: StoreLimits): Promise<ObjectStore> {
  const { IdempotencyStrategy } = await import("@google-cloud/storage");
  // One try per call, since the caller repeats whole operations; parts of an upload are repeated by the client itself.
  const once = await openBucket(access, limits, { autoRetry: false });
  const patient = await openBucket(access, limits, {
    autoRetry: true,
    maxRetries: limits.attempts - 1,
    idempotencyStrategy: IdempotencyStrategy.RetryAlways,
    // A request that was given up for its time is none of the failures that the client itself would repeat.
    retryableErrorFn: (error) => {
      const status = statusOf(error);
      return isPassingStatus(status) || (status === undefined && !isDenied(error));
    },
  });
  // Its uploads take no time limit as an option: without one a service that hangs would never end them.
  const limited = (request: object): LimitedRequest => ({ ...request, timeout: limits.timeout }) as LimitedRequest;
  patient.storage.interceptors.push({ request: limited });
  return new GCSStore(access, limits, once, patient);
}

/** What the client's own types ask of an interceptor; they do not name it for others. */
type LimitedRequest = ReturnType<Bucket["storage"]["interceptors"][number]["request"]>;

async function openBucket(
  access: GCSAccess,
  limits: StoreLimits,
  retryOptions: NonNullable<StorageOptions["retryOptions"]>,
): Promise<Bucket> {
  const { Storage } = await optionalPackage("GCS result handlers", () => import("@google-cloud/storage"));
  const emulator = process.env.STORAGE_EMULATOR_HOST?.replace(/\/storage\/v1\/?$/, "");
  const apiEndpoint = access.apiEndpoint ?? (emulator === "" ? undefined : emulator);
  const storage = new Storage({
    timeout: limits.timeout,
    retryOptions,
    ...(apiEndpoint === undefined ? {} : { apiEndpoint }),
    ...(access.credentials === null
      ? {}
      : { credentials: access.credentials, useAuthWithCustomEndpoint: emulator === undefined }),
  });
  // With the variable set the client asks at the bare host for all but uploads, where only some emulators listen.
  if (apiEndpoint !== undefined) storage.baseUrl = `${storage.apiEndpoint}/storage/v1`;
  return storage.bucket(access.bucket);
}

class GCSStore implements ObjectStore {
  readonly identity: string;
  readonly container: ObjectStore["container"];
  readonly #limits: StoreLimits;
  readonly #bucket: Bucket;
  readonly #uploads: Bucket;

  constructor(access: GCSAccess, limits: StoreLimits, bucket: Bucket, uploads: Bucket) {
    this.identity = access.identity;
    this.container = { kind: "bucket", name: access.bucket, option: "bucket" };
    this.#limits = limits;
    this.#bucket = bucket;
    this.#uploads = uploads;
  }

  where(key: string): string {
    return `gs://${this.#bucket.name}/${key}`;
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    await this.#bucket.file(key).save(bytes, { resumable: false, timeout: this.#limits.timeout });
  }

  async putStream(key: string, content: Content, signal: AbortSignal): Promise<void> {
    const target = this.#uploads.file(key).createWriteStream({ resumable: true, chunkSize });
    await pipeline(content.open(), target, { signal });
  }

  async open(key: string, offset: number): Promise<Readable> {
    return this.#bucket.file(key).createReadStream({ start: offset, validation: false, decompress: false });
  }

  async exists(key: string): Promise<boolean> {
    const [exists] = await this.#bucket.file(key).exists();
    return exists;
  }

  explain(error: unknown): StoreProblem {
    const reason = reasonOf(error);
    const status = statusOf(error);
    if (status === 404) return { kind: /bucket does not exist/i.test(reason) ? "container" : "missing", reason };
    if (isDenied(error)) return { kind: "denied", reason };
    if (isPassingStatus(status) || isNetworkFailure(error)) return { kind: "transient", reason };
    return { kind: "other", reason };
  }
}

function isDenied(error: unknown): boolean {
  const status = statusOf(error);
  return status === 401 || status === 403 || /default credentials|invalid_grant/i.test(reasonOf(error));
}

/** The client's own errors have it as `code`; those of its resumable uploads as the answer's status. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const response: unknown = Reflect.get(error, "response");
  const answered: unknown =
    typeof response === "object" && response !== null ? Reflect.get(response, "status") : undefined;
  const status = [Reflect.get(error, "code"), Reflect.get(error, "status"), answered]
    .map((code: unknown) => (typeof code === "string" && /^\d{3}$/.test(code) ? Number(code) : code))
    .find((code) => typeof code === "number");
  return typeof status === "number" ? status : undefined;
}
