import type { LogRecord } from "../../engine/index.ts";
import { appendLines } from "../kept/append-lines.ts";
import { sizeOf } from "./log-size.ts";
import { LogSpool } from "./log-spool.ts";

interface Sized {
  readonly record: LogRecord;
  readonly size: number;
}

export interface Kept {
  /** How many records there were. */
  readonly count: number;
  /** Why they are not in the file; null: they are. */
  readonly problem: string | null;
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
    return this.#spool.takeLost();
  }

  add(record: LogRecord): void {
    const size = sizeOf(record);
    if (this.#spool.isEmpty && this.#bytes + size <= this.#inMemory) this.#push({ record, size });
    else this.#spool.append(record);
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

  /** Appends everything that is left to a file, in order, one JSON object a line. */
  keep(file: string, asLine: (record: LogRecord) => object): Kept {
    let count = 0;
    let problem: string | null = null;
    for (let records = this.peek(this.#inMemory); records.length > 0; records = this.peek(this.#inMemory)) {
      problem ??= appendLines(file, records.map(asLine));
      this.shift(records.length);
      count += records.length;
    }
    return { count, problem };
  }

  #push(sized: Sized): void {
    this.#head.push(sized);
    this.#bytes += sized.size;
  }
}
