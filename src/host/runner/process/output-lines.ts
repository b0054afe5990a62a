import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { MaskingStream } from "../../../secrets/index.ts";

/** The longest line that is kept whole, in characters: a task may print a gigabyte without a line feed. */
const longestLine = 1_000_000;

/** Reads the marks of one pipe. */
export interface Marks<Mark> {
  /** Takes the marks out of a line, or out of its first part. */
  read(text: string): { readonly text: string; readonly mark: Mark };
  /** The same for a further part of it, with the mark of the part before. */
  readPart(text: string, before: Mark): { readonly text: string; readonly mark: Mark };
}

/**
 * Cuts what a host prints into lines and takes out the marks.
 *
 * @param mask - masks a line that is passed on in parts: a secret that lies across a cut would be found in neither part
 */
export function readLines<Mark>(
  stream: Readable,
  marks: Marks<Mark>,
  take: (text: string, mark: Mark) => void,
  mask: () => MaskingStream,
): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  /** The part before, of a line that is too long to be kept. */
  let before: { readonly masking: MaskingStream; readonly mark: Mark } | null = null;

  const part = (whole: string, isLast: boolean): void => {
    const { text, mark } = before === null ? marks.read(whole) : marks.readPart(whole, before.mark);
    const masking = before?.masking ?? mask();
    take(masking.write(text) + (isLast ? masking.end() : ""), mark);
    before = isLast ? null : { masking, mark };
  };
  const lineEnd = (whole: string): void => {
    const ended = whole.replace(/\r$/, "");
    if (before !== null) part(ended, true);
    else {
      const { text, mark } = marks.read(ended);
      take(text, mark);
    }
  };

  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) lineEnd(text);
    if (rest.length <= longestLine) return;
    const end = endOfWholeMarks(rest);
    part(rest.slice(0, end), false);
    rest = rest.slice(end);
  });
  stream.on("end", () => {
    if (before !== null) part(rest, true);
    else if (rest !== "") {
      const { text, mark } = marks.read(rest);
      // Marks alone are no line.
      if (text !== "") take(text, mark);
    }
  });
}

/** A mark whose end has not come yet stays with the rest. */
function endOfWholeMarks(text: string): number {
  const begin = text.lastIndexOf("\u0001");
  return begin > 0 && text.indexOf("\u0002", begin) < 0 ? begin : text.length;
}
