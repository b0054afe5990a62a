import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { LogRecord } from "../../engine/index.ts";
import { sizeOf } from "./log-size.ts";
import { LogSpool } from "./log-spool.ts";

interface Sized {
  readonly record: LogRecord;
  readonly size: number;
}

/** Bytes. */
interface Limits {
  readonly inMemory: number;
  readonly onDisk: number;
}

const defaults: Limits = { inMemory: 8_000_000, onDisk: 256_000_000 };

/**
 * Log records in order, waiting to be shipped. During an outage they go to disk once memory has its share, and when
 * that has its share too, the newest are counted instead of kept.
 */
export class LogQueue {
  readonly #spool: LogSpool;
  readonly #inMemory: number;
  #head: Sized[] = [];
  #bytes = 0;
  #dropped = 0;

  constructor(spoolFile: string, { inMemory, onDisk }: Limits = defaults) {
    this.#inMemory = inMemory;
    this.#spool = new LogSpool(spoolFile, onDisk);
  }

  /** Bytes in memory that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#head.length === 0 && this.#spool.isEmpty;
  }

  /** How many records were lost since this was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  add(record: LogRecord): void {
    const size = sizeOf(record);
    if (this.#spool.isEmpty && this.#bytes + size <= this.#inMemory) this.#push({ record, size });
    else if (!this.#spool.append(record)) this.#dropped += 1;
  }

  /** The oldest records, at least one, at most so many bytes; they stay until `shift`. */
  peek(maxBytes: number): LogRecord[] {
    if (this.#head.length === 0)
      for (const record of this.#spool.read(this.#inMemory)) this.#push({ record, size: sizeOf(record) });
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const { record, size } of this.#head) {
      if (records.length > 0 && bytes + size > maxBytes) break;
      bytes += size;
      records.push(record);
    }
    return records;
  }

  /** The oldest `count` records are done. */
  shift(count: number): void {
    for (const { size } of this.#head.splice(0, count)) this.#bytes -= size;
  }

  /** Appends everything that is left to a file, in order, one JSON object a line; how many records there were. */
  keep(file: string): number {
    let count = 0;
    for (let records = this.peek(this.#inMemory); records.length > 0; records = this.peek(this.#inMemory)) {
      if (count === 0) mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
      this.shift(records.length);
      count += records.length;
    }
    return count;
  }

  #push(sized: Sized): void {
    this.#head.push(sized);
    this.#bytes += sized.size;
  }
}
