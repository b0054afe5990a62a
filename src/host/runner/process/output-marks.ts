import { z } from "zod";
import type { LogRecord } from "../../../engine/index.ts";
import type { OutputMark } from "../../protocol/output-pipe.ts";
import type { Marks } from "./output-lines.ts";

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: the marks are control characters so that no text holds them.
const beginOfLine = /^\u0001(stdout|stderr|log) (\d+) ([^\u0002]*)\u0002/;
const ownersBefore = /^(\u0001[^\u0002]*\u0002)*/;
const owner = /\u0001([^\u0002]*)\u0002/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above

/** One microsecond, which is what an API's times tell apart. */
const tick = 0.001;

/** The marks of the pipe that carries all that is printed and logged: one before each line, and nowhere else. */
export class LineMarks implements Marks<OutputMark> {
  /** Nothing is printed before the host is there, nor after now: the flow's code can write marks of its own. */
  #last = Date.now();

  read(text: string): { text: string; mark: OutputMark } {
    const [whole = "", stream = "stdout", time, id] = beginOfLine.exec(text) ?? [];
    // The flow's code can write here too: a time to come would be that of all that follows, or none that can be told.
    const told = Math.min(Number(time ?? Number.POSITIVE_INFINITY), Date.now());
    const mark = { stream: stream as OutputMark["stream"], time: told, taskRunId: id || null };
    return { text: text.slice(whole.length), mark: this.#later(mark) };
  }

  readPart(text: string, before: OutputMark): { text: string; mark: OutputMark } {
    return { text, mark: this.#later(before) };
  }

  /** Later than what came before it: whoever sorts the log by its times gets the order in which it was written. */
  #later(mark: OutputMark): OutputMark {
    this.#last = Math.max(Math.min(mark.time, Date.now()), this.#last + tick);
    return { ...mark, time: this.#last };
  }
}

/** The marks of descriptors 1 and 2: what follows one is that task run's until the next. */
export class OwnerMarks implements Marks<OutputMark> {
  readonly #stream: OutputMark["stream"];
  #owner: string | null = null;

  constructor(stream: OutputMark["stream"]) {
    this.#stream = stream;
  }

  read(text: string): { text: string; mark: OutputMark } {
    const begin = ownersBefore.exec(text)?.[0] ?? "";
    this.#unmarked(begin);
    const mark = { stream: this.#stream, time: Date.now(), taskRunId: this.#owner };
    return { text: this.#unmarked(text.slice(begin.length)), mark };
  }

  readPart(text: string, before: OutputMark): { text: string; mark: OutputMark } {
    return { text: this.#unmarked(text), mark: before };
  }

  #unmarked(text: string): string {
    return text.replace(owner, (_, id: string) => {
      this.#owner = id || null;
      return "";
    });
  }
}

const recordText = z.tuple([z.enum(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]), z.string(), z.string()]);

/** The record that a line holds; one that cannot be read is told as it is. */
export function readRecord(text: string, { time, taskRunId }: OutputMark): LogRecord {
  try {
    const [level, name, message] = recordText.parse(JSON.parse(text));
    return { time, level, name, message, taskRunId };
  } catch {
    return { time, level: "INFO", name: "prefect.stdout", message: text, taskRunId };
  }
}
