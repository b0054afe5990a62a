import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../../errors/message-of.ts";

/**
 * Appends JSON objects to a file, one a line. Null: they are there. A sentence: why not; a full or read-only disk must
 * not end a run, so it is no exception.
 */
export function appendLines(file: string, objects: readonly object[]): string | null {
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, objects.map((each) => `${JSON.stringify(each)}\n`).join(""));
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
