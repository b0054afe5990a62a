import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

/** A piece of an author's source, with the line that a stack trace names. */
export interface SourceLines {
  /** As the stack trace has it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

/** Lines shown before and after the one in question. */
const around = 2;

/**
 * The source around the first place in the flow's own code that a text (a stack trace) names; null where it names none,
 * or its file is not in this folder.
 */
export async function sourceLines(text: string, folder: string): Promise<SourceLines | null> {
  const [, file, place] = /\bflow:([^\s:()]+):(\d+)(?::\d+)?/.exec(text) ?? [];
  if (file === undefined) return null;
  const line = Number(place);
  const source = await readFile(resolve(folder, file), "utf8").catch(() => null);
  if (source === null) return null;
  const first = Math.max(1, line - around);
  const lines = source.split("\n").slice(first - 1, line + around);
  return { file, line, lines: lines.map((each, at) => ({ number: first + at, text: each })) };
}
