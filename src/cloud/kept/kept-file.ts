import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { type KeptLine, parseLine } from "./kept-line.ts";

/** A line as it is in the file, and what it holds; null: it is torn. */
export interface FileLine {
  readonly text: string;
  readonly kept: KeptLine | null;
}

/** @throws FlowRunnerError KEPT_FILE_UNREADABLE, also for a file that holds none of what a run keeps */
export function readKeptFile(file: string): readonly FileLine[] {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new FlowRunnerError("KEPT_FILE_UNREADABLE", { file, reason: messageOf(error) }, { cause: error });
  }
  const lines = content
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => ({ text, kept: parseLine(text) }));
  if (lines.some(({ kept }) => kept !== null)) return lines;
  const reason = "it holds no states or log lines that a run has kept";
  throw new FlowRunnerError("KEPT_FILE_UNREADABLE", { file, reason });
}

/** What is left of the file; nothing: no file. It is replaced in one step, so that an end in between loses no line. */
export function writeKeptFile(file: string, lines: readonly FileLine[]): void {
  if (lines.length === 0) {
    rmSync(file, { force: true });
    return;
  }
  const next = `${file}.${process.pid}.new`;
  writeFileSync(next, lines.map(({ text }) => `${text}\n`).join(""));
  renameSync(next, file);
}
