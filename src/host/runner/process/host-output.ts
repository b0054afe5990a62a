import type { ChildProcess } from "node:child_process";
import type { MaskingStream } from "../../../secrets/index.ts";
import { type OutputLine, readLines } from "./output-lines.ts";

/** Lines of standard error that are kept as evidence. */
const keptLines = 20;

/** What Node prints about an inspector that we opened ourselves. */
const inspectorTalk = /^(For help, see: https:\/\/nodejs\.org\/.*inspector|Debugger (attached|ending on ws:.*)\.?$)/;

/** Addresses of a native stack trace, and empty lines: they would push out the sentence that says what happened. */
const nativeNoise = /^\s*(\d+: 0x[0-9a-f]+ .*|-+ .*-+)?$/;

export interface OutputReader {
  printed(stream: "stdout" | "stderr", line: OutputLine): void;
  /** Masks a line that is too long to be told at once. */
  mask(): MaskingStream;
}

/** What a host prints: the flow's own lines, and what Node says about the host. */
export class HostOutput {
  readonly #lastErrors: string[] = [];
  readonly #reader: OutputReader;
  #onInspector: ((address: string) => void) | null = null;

  constructor(child: ChildProcess, reader: OutputReader) {
    this.#reader = reader;
    this.#read(child, "stdout");
    this.#read(child, "stderr");
  }

  /** The last lines of its standard error, and what else counts as evidence. */
  get lastErrors(): readonly string[] {
    return this.#lastErrors;
  }

  keep(evidence: string): void {
    this.#lastErrors.push(evidence);
  }

  /** Calls back with the address of the inspector, once the host has opened it. */
  onInspector(take: (address: string) => void): void {
    this.#onInspector = take;
  }

  #read(child: ChildProcess, name: "stdout" | "stderr"): void {
    const stream = child[name];
    if (stream !== null) readLines(stream, (line) => this.#line(name, line), this.#reader.mask);
  }

  #line(name: "stdout" | "stderr", line: OutputLine): void {
    const address = /^Debugger listening on (ws:\S+)$/.exec(line.text)?.[1];
    if (address !== undefined) this.#onInspector?.(address);
    if (address !== undefined || inspectorTalk.test(line.text)) return;
    if (name === "stderr" && !nativeNoise.test(line.text) && this.#lastErrors.push(line.text) > keptLines)
      this.#lastErrors.shift();
    this.#reader.printed(name, line);
  }
}
