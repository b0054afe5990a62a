import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** The longest line that is kept whole, in characters: a task may print a gigabyte without a line feed. */
const longestLine = 1_000_000;

/** A line that the flow's code printed, and the task run whose code did. */
export interface OutputLine {
  readonly text: string;
  readonly taskRunId: string | null;
}

/** Cuts what a host prints into lines and takes out the marks of `outputTag`. */
export function readLines(stream: Readable, take: (line: OutputLine) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const line = (text: string): void => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks are control characters so that no text holds them.
    const tags = /\u0001([^\u0002]*)\u0002/g;
    const owner = tags.exec(text)?.[1] ?? null;
    take({ text: text.replaceAll(tags, "").replace(/\r$/, ""), taskRunId: owner });
  };
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) line(text);
    if (rest.length > longestLine) {
      line(rest);
      rest = "";
    }
  });
  stream.on("end", () => {
    if (rest !== "") line(rest);
  });
}
