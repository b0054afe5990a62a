import type { LogRecord } from "../../../engine/index.ts";
import { cut, type Mask } from "../../core/error-report.ts";
import {
  type OutputStream,
  outputDescriptor,
  outputMark,
  ownerMark,
  recordLine,
  unfinished,
} from "../../protocol/output-pipe.ts";

/** The longest log message, in characters: its line stays below a million, however many escapes a character takes. */
const longestLog = 150_000;

/** Writes to a file descriptor before it returns. */
export type Write = (descriptor: number, text: string) => void;

/** The host's end of the pipe that carries what is printed and logged. */
export class Printer {
  readonly #mask: Mask;
  readonly #write: Write;
  /** Who began a line that has no end yet. */
  #unfinished: string | null = null;
  /** Whose everything is that this process prints. */
  #owner: string | null = null;

  /**
   * @param mask - takes out the secrets of what is printed at once: who reads the pipe sees line by line, and of a key of
   *   several lines each alone
   */
  constructor(mask: Mask, write: Write = writeNow) {
    this.#mask = mask;
    this.#write = write;
  }

  print(stream: OutputStream, text: string, taskRunId: string | null): void {
    if (text === "") return;
    const masked = this.#mask(text);
    const mark = outputMark({ stream, time: Date.now(), taskRunId });
    const who = `${stream} ${taskRunId}`;
    const begin = this.#unfinished === who ? "" : this.#lineStart() + mark;
    this.#unfinished = masked.endsWith("\n") ? null : who;
    this.#write(outputDescriptor, begin + masked.replace(/\n(?!$)/g, () => `\n${mark}`));
  }

  log(record: LogRecord): void {
    const message = cut(this.#mask(record.message), longestLog);
    this.#write(outputDescriptor, this.#lineStart() + recordLine({ ...record, message }));
    this.#unfinished = null;
  }

  /** All that is printed past this printer from now on (by child processes, by native code) is this task run's. */
  own(taskRunId: string | null): void {
    this.#owner = taskRunId;
    this.#mark(taskRunId);
  }

  /** The same for as long as `work` holds the thread. */
  ownWhile<T>(taskRunId: string | null, work: () => T): T {
    this.#mark(taskRunId);
    try {
      return work();
    } finally {
      this.#mark(this.#owner);
    }
  }

  /** A line that somebody else has begun goes on later. */
  #lineStart(): string {
    return this.#unfinished === null ? "" : `${unfinished}\n`;
  }

  #mark(taskRunId: string | null): void {
    for (const descriptor of [1, 2]) this.#write(descriptor, ownerMark(taskRunId));
  }
}

function writeNow(descriptor: number, text: string): void {
  const { writeSync } = process.getBuiltinModule("node:fs");
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      // Anything else: the runner is gone, or a task has closed the descriptor.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
