import type { LogRecord } from "../../engine/index.ts";

/**
 * What the flow's code prints and logs, on file descriptor 4: lines of text, each with a mark before it that says which
 * stream it was printed to, when, and by which task run. A log record is a line whose text is JSON. All of it goes
 * through one pipe, so that it keeps its order, and is written at once, so that it outlives a process that is killed in
 * the next instruction.
 *
 * Descriptors 1 and 2 carry what is printed past `process.stdout` and `process.stderr`: by native code, by child
 * processes. A mark in them says whose all that follows is.
 */
export const outputDescriptor = 4;

export type OutputStream = "stdout" | "stderr";

/** What is told before a line. */
export interface OutputMark {
  readonly stream: OutputStream | "log";
  /** Epoch milliseconds. */
  readonly time: number;
  readonly taskRunId: string | null;
}

/** `SOH stdout 1764092713000 id STX` */
export const outputMark = ({ stream, time, taskRunId }: OutputMark): string =>
  `\u0001${stream} ${time} ${taskRunId ?? ""}\u0002`;

/** At the end of a line that goes on later, in the next one with its mark: somebody else prints in between. */
export const unfinished = "\u0003";

/** `SOH id STX`; without an id: it is nobody's from here on. */
export const ownerMark = (taskRunId: string | null): string => `\u0001${taskRunId ?? ""}\u0002`;

/** A log record as a line with its mark. */
export const recordLine = ({ time, taskRunId, level, name, message }: LogRecord): string =>
  `${outputMark({ stream: "log", time, taskRunId })}${JSON.stringify([level, name, message])}\n`;
