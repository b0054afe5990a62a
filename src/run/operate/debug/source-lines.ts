import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

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
 * or its file is in none of these folders, nor in one above them: a trace has paths from the project's folder.
 */
export async function sourceLines(text: string, folders: readonly string[]): Promise<SourceLines | null> {
  const [, file, place] = /\bflow:([^\s:()]+):(\d+)(?::\d+)?/.exec(text) ?? [];
  if (file === undefined) return null;
  const line = Number(place);
  const source = await firstOf(folders.flatMap(andAbove).map((folder) => resolve(folder, file)));
  if (source === null) return null;
  const first = Math.max(1, line - around);
  const lines = source.split("\n").slice(first - 1, line + around);
  return { file, line, lines: lines.map((each, at) => ({ number: first + at, text: each })) };
}

async function firstOf(files: readonly string[]): Promise<string | null> {
  for (const file of new Set(files)) {
    const text = await readFile(file, "utf8").catch(() => null);
    if (text !== null) return text;
  }
  return null;
}

function andAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...andAbove(above)];
}
