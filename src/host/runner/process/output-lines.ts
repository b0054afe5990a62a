import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { MaskingStream } from "../../../secrets/index.ts";

/** The longest line that is kept whole, in characters: a task may print a gigabyte without a line feed. */
const longestLine = 1_000_000;

/** A line that the flow's code printed, and the task run whose code did. */
export interface OutputLine {
  readonly text: string;
  readonly taskRunId: string | null;
}

/**
 * Cuts what a host prints into lines and takes out the marks of `outputTag`.
 *
 * @param mask - masks a line that is passed on in parts: a secret that lies across a cut would be found in neither part
 */
export function readLines(stream: Readable, take: (line: OutputLine) => void, mask: () => MaskingStream): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  /** The parts of a line that is too long to be kept. */
  let parts: { readonly masking: MaskingStream; taskRunId: string | null } | null = null;

  const part = (text: string): void => {
    const line = untagged(text);
    parts ??= { masking: mask(), taskRunId: line.taskRunId };
    parts.taskRunId ??= line.taskRunId;
    take({ text: parts.masking.write(line.text), taskRunId: parts.taskRunId });
  };
  const lineEnd = (text: string): void => {
    const line = untagged(text.replace(/\r$/, ""));
    if (parts === null) take(line);
    else take({ text: parts.masking.write(line.text) + parts.masking.end(), taskRunId: parts.taskRunId });
    parts = null;
  };

  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) lineEnd(text);
    if (rest.length <= longestLine) return;
    const end = endOfWholeTags(rest);
    part(rest.slice(0, end));
    rest = rest.slice(end);
  });
  stream.on("end", () => {
    if (rest !== "" || parts !== null) lineEnd(rest);
  });
}

function untagged(text: string): OutputLine {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks are control characters so that no text holds them.
  const tags = /\u0001([^\u0002]*)\u0002/g;
  const taskRunId = tags.exec(text)?.[1] ?? null;
  return { text: text.replaceAll(tags, ""), taskRunId };
}

/** A mark whose end has not come yet stays with the rest. */
function endOfWholeTags(text: string): number {
  const begin = text.lastIndexOf("\u0001");
  return begin > 0 && text.indexOf("\u0002", begin) < 0 ? begin : text.length;
}
