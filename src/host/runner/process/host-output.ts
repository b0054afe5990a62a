import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { LogRecord } from "../../../engine/index.ts";
import type { MaskingStream } from "../../../secrets/index.ts";
import { type OutputMark, type OutputStream, outputDescriptor } from "../../protocol/output-pipe.ts";
import { type Marks, readLines } from "./output-lines.ts";
import { LineMarks, OwnerMarks, readRecord } from "./output-marks.ts";
import { UnfinishedLines } from "./unfinished-lines.ts";

/** Lines of each kind that are kept as evidence. */
const keptLines = 20;
/** Characters: the evidence must fit into a state's message. The log has the whole line. */
const longestKept = 2_000;

/** What Node prints about an inspector that we opened ourselves. */
const inspectorTalk =
  /^(For help, see: https:\/\/nodejs\.org\/.*(inspector|debugging)|Debugger (attached|ending on ws:.*)\.?$)/;

/** Addresses of a native stack trace, and empty lines: they would push out the sentence that says what happened. */
const nativeNoise = /^\s*(\d+: 0x[0-9a-f]+ .*|-+ .*-+)?$/;

export interface OutputReader {
  /** A line that was printed, or a record that a task has logged. */
  logged(record: LogRecord): void;
  /** Masks a line that is too long to be told at once. */
  mask(): MaskingStream;
  /** Whether a task run is one of this host's: a line that names another is nobody's. */
  hasRun(taskRunId: string): boolean;
}

/** What a host prints: the flow's own lines, and what Node says about the host. */
export class HostOutput {
  readonly #lastErrors: string[] = [];
  readonly #lastOutput: string[] = [];
  readonly #unfinished = new UnfinishedLines();
  readonly #reader: OutputReader;
  #onInspector: ((address: string) => void) | null = null;

  constructor(child: ChildProcess, reader: OutputReader) {
    this.#reader = reader;
    this.#read(child.stdout, new OwnerMarks("stdout"), (text, mark) => this.#line(text, mark));
    this.#read(child.stderr, new OwnerMarks("stderr"), (text, mark) => this.#nativeError(text, mark));
    const marked = child.stdio[outputDescriptor] as Readable | null;
    this.#read(marked, new LineMarks(), (text, mark) => {
      const whole = this.#unfinished.take(text, mark);
      if (whole !== null) this.#line(whole, mark);
    });
    marked?.on("end", () => this.#unfinished.end((text, mark) => this.#line(text, mark)));
  }

  /** The last lines that Node or native code printed to its standard error, and what else counts as evidence. */
  get lastErrors(): readonly string[] {
    return this.#lastErrors;
  }

  /** The last lines that the flow's code printed or logged, in order. */
  get lastOutput(): readonly string[] {
    return this.#lastOutput;
  }

  keep(evidence: string): void {
    this.#lastErrors.push(evidence);
  }

  /** Calls back with the address of the inspector, once the host has opened it. */
  onInspector(take: (address: string) => void): void {
    this.#onInspector = take;
  }

  #read(stream: Readable | null, marks: Marks<OutputMark>, take: (text: string, mark: OutputMark) => void): void {
    if (stream === null) return;
    const known = (text: string, mark: OutputMark): void => {
      const isForeign = mark.taskRunId !== null && !this.#reader.hasRun(mark.taskRunId);
      take(text, isForeign ? { ...mark, taskRunId: null } : mark);
    };
    readLines(stream, marks, known, this.#reader.mask);
  }

  #nativeError(text: string, mark: OutputMark): void {
    const address = /^Debugger listening on (ws:\S+)$/.exec(text)?.[1];
    if (address !== undefined) this.#onInspector?.(address);
    if (address !== undefined || inspectorTalk.test(text)) return;
    if (!nativeNoise.test(text)) this.#keepLast(this.#lastErrors, text);
    this.#reader.logged(printed(text, mark, "stderr"));
  }

  #line(text: string, mark: OutputMark): void {
    const record = mark.stream === "log" ? readRecord(text, mark) : printed(text, mark, mark.stream);
    if (text !== "") this.#keepLast(this.#lastOutput, record.message);
    this.#reader.logged(record);
  }

  #keepLast(lines: string[], line: string): void {
    if (lines.push(this.#shortened(line)) > keptLines) lines.shift();
  }

  /** Masked before it is cut: nothing would find half a secret later. */
  #shortened(line: string): string {
    if (line.length <= longestKept) return line;
    const masking = this.#reader.mask();
    return `${(masking.write(line) + masking.end()).slice(0, longestKept)} …`;
  }
}

const printed = (message: string, { time, taskRunId }: OutputMark, stream: OutputStream): LogRecord => ({
  time,
  level: stream === "stdout" ? "INFO" : "WARNING",
  name: `prefect.${stream}`,
  message,
  taskRunId,
});
