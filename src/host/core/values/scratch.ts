import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Handle } from "../../../engine/index.ts";
import { messageOf } from "../../../errors/message-of.ts";

/** Bytes that one run may keep; beyond it inputs are not kept, and a repeat follows `onMissingResult`. */
const defaultLimit = 1024 ** 3;

/**
 * Values on the container's own disk, as structured clones, one file a handle: what a fresh host needs to repeat a task
 * and what crosses into the host of an isolated task. The runner removes the folder at the end of the run.
 */
export class Scratch {
  readonly folder: string;
  readonly #limit: number;
  /** Bytes, by handle. */
  readonly #kept = new Map<Handle, number>();
  #size = 0;

  constructor(folder: string, limit = defaultLimit) {
    this.folder = folder;
    this.#limit = limit;
    mkdirSync(folder, { recursive: true });
  }

  /** Keeps a value; resolves with why it could not be kept, or null. A value that was kept is not written again. */
  keep(handle: Handle, value: unknown): string | null {
    if (this.#kept.has(handle)) return null;
    let bytes: Buffer;
    try {
      bytes = serialize(value);
    } catch (error) {
      return messageOf(error);
    }
    if (this.#size + bytes.length > this.#limit) return `the scratch store is full (${this.#limit} bytes)`;
    const path = this.#path(handle);
    // Written beside and renamed: a host that is killed here must not leave half a value to the next one.
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
    this.#kept.set(handle, bytes.length);
    this.#size += bytes.length;
    return null;
  }

  /** The value that this or an earlier host kept. */
  load(handle: Handle): { readonly value: unknown } | null {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#path(handle));
    } catch {
      return null;
    }
    return { value: deserialize(bytes) };
  }

  /** A value has changed or is not needed any more. */
  drop(handle: Handle): void {
    const size = this.#kept.get(handle);
    if (size === undefined) return;
    this.#kept.delete(handle);
    this.#size -= size;
    rmSync(this.#path(handle), { force: true });
  }

  /** What lies there is another host's to replace, and to count. */
  handOver(handle: Handle): void {
    this.#size -= this.#kept.get(handle) ?? 0;
    this.#kept.delete(handle);
  }

  #path(handle: Handle): string {
    return join(this.folder, `${handle}.v8`);
  }
}
