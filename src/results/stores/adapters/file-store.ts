import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../../../errors/message-of.ts";
import type { Content, ObjectStore, StoreProblem } from "../object-store.ts";

/** Objects as files, by absolute path. A file is there only when it is complete: it is written beside, then renamed. */
export class FileStore implements ObjectStore {
  readonly identity = "this process's user";
  readonly container: ObjectStore["container"];

  constructor(folder: string) {
    this.container = { kind: "folder", name: folder, option: "dir" };
  }

  where(path: string): string {
    return path;
  }

  put(path: string, bytes: Buffer): Promise<void> {
    return this.#replace(path, async (temporary) => {
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.datasync();
      } finally {
        await file.close();
      }
    });
  }

  putStream(path: string, content: Content, signal: AbortSignal): Promise<void> {
    return this.#replace(path, async (temporary) => {
      await pipeline(content.open(), createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true }), {
        signal,
      });
    });
  }

  async open(path: string, offset: number): Promise<Readable> {
    const file = await open(path, "r");
    return createReadStream(path, { fd: file, start: offset, highWaterMark: 256 * 1024 });
  }

  async exists(path: string): Promise<boolean> {
    try {
      return (await stat(path)).isFile();
    } catch (error) {
      if (this.explain(error).kind === "missing") return false;
      throw error;
    }
  }

  explain(error: unknown): StoreProblem {
    const reason = messageOf(error);
    const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing", reason };
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") return { kind: "denied", reason };
    const passes = code === "EMFILE" || code === "ENFILE" || code === "EBUSY" || code === "EAGAIN";
    return { kind: passes ? "transient" : "other", reason };
  }

  async #replace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    await access(folder);
    const temporary = join(folder, `.${basename(path).slice(0, 100)}.${randomUUID().slice(0, 8)}.part`);
    try {
      await write(temporary);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}
