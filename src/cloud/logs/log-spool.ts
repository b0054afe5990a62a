import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { LogRecord } from "../../engine/index.ts";

const writeAtOnce = 256_000;

/**
 * Log records in a file, first in first out. The file exists only while something is in it. What a full or read-only
 * disk does not take is counted: a log must not end the run that it tells about.
 */
export class LogSpool {
  readonly file: string;
  readonly #limit: number;
  #descriptor: number | null = null;
  #written = 0;
  #read = 0;
  /** Lines that are not in the file yet: a write for each line would hold up the process. */
  #tail: string[] = [];
  #tailBytes = 0;
  #lost = 0;

  constructor(file: string, limit: number) {
    this.file = file;
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#read === this.#written && this.#tail.length === 0;
  }

  /** How many records were lost since this was asked last. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  append(record: LogRecord): void {
    const line = `${JSON.stringify(record)}\n`;
    const bytes = Buffer.byteLength(line);
    if (this.#written - this.#read + this.#tailBytes + bytes > this.#limit) {
      this.#lost += 1;
      return;
    }
    this.#tail.push(line);
    this.#tailBytes += bytes;
    if (this.#tailBytes > writeAtOnce) this.#flush();
  }

  /** The oldest records, whole lines within so many bytes (at least one line); they are taken out. */
  read(maxBytes: number): LogRecord[] {
    this.#flush();
    if (this.#descriptor === null || this.#read === this.#written) return [];
    let text = "";
    for (let bytes = maxBytes; text === ""; bytes *= 2) {
      const buffer = Buffer.alloc(Math.min(bytes, this.#written - this.#read));
      readSync(this.#descriptor, buffer, 0, buffer.length, this.#read);
      text = buffer.subarray(0, buffer.lastIndexOf(10) + 1).toString("utf8");
    }
    this.#read += Buffer.byteLength(text);
    if (this.isEmpty) this.remove();
    return text.trimEnd().split("\n").map(parseLine);
  }

  remove(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    rmSync(this.file, { force: true });
    this.#descriptor = null;
    this.#written = 0;
    this.#read = 0;
  }

  #flush(): void {
    if (this.#tail.length === 0) return;
    try {
      this.#write(Buffer.from(this.#tail.join("")));
    } catch {
      this.#lost += this.#tail.length;
    }
    this.#tail = [];
    this.#tailBytes = 0;
  }

  #write(bytes: Buffer): void {
    if (this.#descriptor === null) {
      mkdirSync(dirname(this.file), { recursive: true });
      this.#descriptor = openSync(this.file, "w+");
    }
    // A full disk takes a part; what is behind `#written` is then written over.
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#written + done);
    }
    this.#written += bytes.length;
  }
}

/** Written by this process a moment ago, so it is what we wrote. */
const parseLine = (line: string): LogRecord => JSON.parse(line) as LogRecord;
