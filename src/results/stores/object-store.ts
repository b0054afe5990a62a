import type { Readable } from "node:stream";

/** Why a store's operation failed, as far as it matters for what happens next. */
export interface StoreProblem {
  /**
   * `missing`: no object there; `container`: no such bucket or folder; `denied`: no permission, wrong credentials;
   * `transient`: may go well when tried again; `other`: will not.
   */
  readonly kind: "missing" | "container" | "denied" | "transient" | "other";
  /** One sentence, without credentials. */
  readonly reason: string;
}

/** How patient a store is with its service. */
export interface StoreLimits {
  /** How often an operation is tried. */
  readonly attempts: number;
  /** Milliseconds without an answer, or without a byte. */
  readonly timeout: number;
}

/** Content that can be produced again for another attempt, or only once. */
export interface Content {
  /** Bytes; null when nobody knows. */
  readonly size: number | null;
  readonly repeatable: boolean;
  open(): Readable;
}

/** A place for objects: a folder, a bucket, a container. Opened by a handler when it first reads or writes. */
export interface ObjectStore {
  /** An object as a user would name it: `s3://bucket/key`. */
  where(key: string): string;
  /** What the store is opened with, for a message about permissions: `the secret "AWS_CREDENTIALS"`. */
  readonly identity: string;
  /** The bucket, container or folder, for a message that it is not there. */
  readonly container: { readonly kind: string; readonly name: string; readonly option: string };
  put(key: string, bytes: Buffer, signal: AbortSignal): Promise<void>;
  putStream(key: string, content: Content, signal: AbortSignal): Promise<void>;
  /** The object's bytes from `offset` on. */
  open(key: string, offset: number, signal: AbortSignal): Promise<Readable>;
  exists(key: string, signal: AbortSignal): Promise<boolean>;
  explain(error: unknown): StoreProblem;
}
