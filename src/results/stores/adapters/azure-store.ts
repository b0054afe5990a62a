import { Readable } from "node:stream";
import type { ContainerClient, StoragePipelineOptions } from "@azure/storage-blob";
import { optionalPackage } from "../../../config/optional-package.ts";
import { attempts } from "../access/attempts.ts";
import type { Content, ObjectStore, StoreLimits, StoreProblem } from "../object-store.ts";
import { isNetworkFailure, isPassingStatus, reasonOf } from "./network-failure.ts";
import { uploadParts } from "./parts.ts";

export type AzureCredentials =
  | { readonly connectionString: string }
  | { readonly accountName: string; readonly accountKey: string }
  | { readonly accountName: string; readonly sasToken: string };

export interface AzureAccess {
  readonly container: string;
  /** The blob service of the account; default `https://<account>.blob.core.windows.net`. */
  readonly endpoint: string | undefined;
  readonly credentials: AzureCredentials;
  /** For messages about permissions. */
  readonly identity: string;
}

const blockBytes = 8 * 1024 * 1024;
const mostBlocks = 45_000;

/** Opens a container of Azure Blob Storage, or of Azurite. Nothing is asked of the service yet. */
export async function openAzure(access: AzureAccess, limits: StoreLimits): Promise<ObjectStore> {
  // One try per call: its own time limit is only told to the service, so that one that hangs would never end it.
  const client = await containerClient(access, { retryOptions: { maxTries: 1, tryTimeoutInMs: limits.timeout } });
  return new AzureStore(access, client, limits);
}

async function containerClient(access: AzureAccess, options: StoragePipelineOptions): Promise<ContainerClient> {
  const { AnonymousCredential, BlobServiceClient, newPipeline, StorageSharedKeyCredential } = await optionalPackage(
    "Azure result handlers",
    () => import("@azure/storage-blob"),
  );
  const { credentials } = access;
  if ("connectionString" in credentials) {
    return BlobServiceClient.fromConnectionString(credentials.connectionString, options).getContainerClient(
      access.container,
    );
  }
  const address = access.endpoint ?? `https://${credentials.accountName}.blob.core.windows.net`;
  const base = address.replace(/\/$/, "");
  const service =
    "sasToken" in credentials
      ? new BlobServiceClient(
          `${base}/?${credentials.sasToken.replace(/^\?/, "")}`,
          newPipeline(new AnonymousCredential(), options),
        )
      : new BlobServiceClient(
          base,
          newPipeline(new StorageSharedKeyCredential(credentials.accountName, credentials.accountKey), options),
        );
  return service.getContainerClient(access.container);
}

class AzureStore implements ObjectStore {
  readonly identity: string;
  readonly container: ObjectStore["container"];
  readonly #blobs: ContainerClient;
  readonly #limits: StoreLimits;

  constructor(access: AzureAccess, blobs: ContainerClient, limits: StoreLimits) {
    this.identity = access.identity;
    this.container = { kind: "container", name: access.container, option: "container" };
    this.#blobs = blobs;
    this.#limits = limits;
  }

  where(key: string): string {
    return `azure://${this.container.name}/${key}`;
  }

  async put(key: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
    await this.#blobs.getBlockBlobClient(key).upload(bytes, bytes.length, { abortSignal: signal });
  }

  async putStream(key: string, content: Content, signal: AbortSignal): Promise<void> {
    const blob = this.#blobs.getBlockBlobClient(key);
    const blocks: string[] = [];
    const size = Math.max(blockBytes, Math.ceil((content.size ?? 0) / mostBlocks));
    const patiently = (operation: (abortSignal: AbortSignal) => Promise<unknown>): Promise<unknown> =>
      attempts(this, this.#limits, signal, operation);
    await uploadParts(content.open(), size, async (index, bytes) => {
      const id = Buffer.from(String(index).padStart(8, "0")).toString("base64");
      blocks[index] = id;
      await patiently((abortSignal) => blob.stageBlock(id, bytes, bytes.length, { abortSignal }));
    });
    await patiently((abortSignal) => blob.commitBlockList(blocks, { abortSignal }));
  }

  async open(key: string, offset: number, signal: AbortSignal): Promise<Readable> {
    try {
      const answer = await this.#blobs
        .getBlobClient(key)
        .download(offset, undefined, { maxRetryRequests: 0, abortSignal: signal });
      if (answer.readableStreamBody instanceof Readable) return answer.readableStreamBody;
      throw new TypeError("Azure answered without a body");
    } catch (error) {
      // The connection broke exactly at the end: there is nothing after it.
      if (offset > 0 && statusOf(error) === 416) return Readable.from([]);
      throw error;
    }
  }

  async exists(key: string, signal: AbortSignal): Promise<boolean> {
    return this.#blobs.getBlobClient(key).exists({ abortSignal: signal });
  }

  explain(error: unknown): StoreProblem {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    const status = statusOf(error);
    const reason = typeof code === "string" ? `${code}: ${reasonOf(error, status)}` : reasonOf(error, status);
    if (code === "ContainerNotFound") return { kind: "container", reason };
    if (status === 404) return { kind: "missing", reason };
    if (status === 401 || status === 403) return { kind: "denied", reason };
    // The client calls a connection that broke "aborted"; an abort of our own ends before anybody asks here.
    const broken = error instanceof Error && error.name === "AbortError";
    if (broken || isPassingStatus(status) || isNetworkFailure(error)) return { kind: "transient", reason };
    return { kind: "other", reason };
  }
}

function statusOf(error: unknown): number | undefined {
  const status: unknown = error instanceof Error ? Reflect.get(error, "statusCode") : undefined;
  return typeof status === "number" ? status : undefined;
}
