import { Readable } from "node:stream";

const brand = Symbol.for("flow-runner.file-result");

/**
 * A file as a task's result: a handler streams its content, however large. The task downstream gets a FileResult too;
 * after a restart its `path` is a downloaded copy in the run's scratch folder, under the same file name.
 */
export class FileResult {
  /** Absolute, or relative to the working directory. */
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    Object.defineProperty(this, brand, { value: true });
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/**
 * Marks a path as a file whose content is the result.
 *
 * @example
 * ```ts
 * const dump = task("dump", async () => { await writeCsv("/tmp/x.csv"); return fileResult("/tmp/x.csv"); });
 * const load = task("load", ({ dump }: { dump: FileResult }) => readFile(dump.path));
 * ```
 */
export function fileResult(path: string): FileResult {
  return new FileResult(path);
}

/**
 * Whether a value is a stream, which only one reader can consume: once it was written, the value in memory is spent and
 * has to be read back with the handler, once for every task that takes it.
 */
export function isStream(value: unknown): value is Readable | ReadableStream<Uint8Array> {
  return value instanceof Readable || value instanceof ReadableStream;
}
