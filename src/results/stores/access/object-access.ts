import pLimit, { type LimitFunction } from "p-limit";
import { decode } from "../../format/decode.ts";
import type { Compression } from "../../format/encode.ts";
import type { ObjectOptions } from "../../options/object-options.ts";
import { builtInSerializers, type Serializer } from "../../values/serializer.ts";
import type { ObjectStore, StoreLimits } from "../object-store.ts";
import { attempts } from "./attempts.ts";
import { objectContent } from "./object-content.ts";
import { objectValue } from "./object-value.ts";
import { resultError } from "./result-error.ts";
import { resumingRead } from "./resuming-read.ts";

/** Buffers above this size are uploaded in parts, so that a part that fails is all that is sent again. */
const partsAbove = 16 * 1024 * 1024;

/** Reads and writes whole results in a store that is open, so many at a time. */
export class ObjectAccess {
  readonly #store: ObjectStore;
  readonly #limits: StoreLimits;
  readonly #slots: LimitFunction;
  readonly #serializer: Serializer;
  readonly #compression: Compression;

  constructor(store: ObjectStore, options: StoreLimits & { readonly parallel: number } & ObjectOptions) {
    const { serializer = "structured" } = options;
    this.#store = store;
    this.#limits = { attempts: options.attempts, timeout: options.timeout };
    this.#slots = pLimit(options.parallel);
    this.#serializer = typeof serializer === "string" ? builtInSerializers[serializer] : serializer;
    this.#compression = options.compression ?? null;
  }

  write(key: string, value: unknown, signal: AbortSignal): Promise<void> {
    return this.#slots(async () => {
      const content = await objectContent(value, this.#serializer, this.#compression);
      const bytes = content.whole;
      await this.#attempt("write", key, signal, () =>
        bytes !== null && bytes.length <= partsAbove
          ? attempts(this.#store, this.#limits, signal, (own) => this.#store.put(key, bytes, own))
          : this.#store.putStream(key, content, signal),
      );
    });
  }

  read(key: string, signal: AbortSignal, scratch: string | null): Promise<unknown> {
    const where = this.#store.where(key);
    return this.#slots(() =>
      this.#attempt("read", key, signal, async () => {
        const opened = await decode(resumingRead(this.#store, key, this.#limits, signal), where);
        return objectValue(opened, where, this.#serializer, scratch);
      }),
    );
  }

  exists(key: string, signal: AbortSignal): Promise<boolean> {
    return this.#slots(() =>
      this.#attempt("read", key, signal, () =>
        attempts(this.#store, this.#limits, signal, (own) => this.#store.exists(key, own)),
      ),
    );
  }

  async #attempt<Result>(
    operation: "read" | "write",
    key: string,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      // Cancellation is the caller's own doing, and no fault of the store.
      signal.throwIfAborted();
      throw resultError(this.#store, key, operation, error);
    }
  }
}
