import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";

/** The longest frame, in bytes of UTF-8: values never travel in one, so a longer one is a mistake. */
export const longestFrame = 1024 * 1024;

/**
 * One frame is one line of JSON, in UTF-8, ended by a line feed: any language can speak it, and a person can read it.
 *
 * @param seal - what a host puts before each of its frames; it is no part of the JSON, so that code which looks on while
 *   that is made does not see it
 * @throws FlowRunnerError `FRAME_TOO_LARGE`
 */
export function encodeFrame<Frame extends { readonly type: string }>(frame: Frame, about: string, seal = ""): string {
  const line = `${seal}${JSON.stringify(frame)}\n`;
  // Cheap bound first: a UTF-16 unit is at most three bytes.
  const size = line.length * 3 <= longestFrame ? line.length : Buffer.byteLength(line);
  if (size > longestFrame) throw new FlowRunnerError("FRAME_TOO_LARGE", { type: frame.type, size, about });
  return line;
}

const excerptOf = (text: string): string => text.slice(0, 200);

/**
 * A frame from the JSON value of a line.
 *
 * @throws FlowRunnerError `FRAME_MALFORMED`
 */
export function readFrame<Frame>(schema: z.ZodType<Frame>, value: unknown): Frame {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = z.prettifyError(parsed.error).split("\n").slice(0, 5).join(" ");
  throw new FlowRunnerError("FRAME_MALFORMED", { excerpt: excerptOf(JSON.stringify(value)), problem });
}

/** Cuts a byte stream into the JSON values of its lines. */
export class FrameReader {
  readonly #take: (value: unknown) => void;
  readonly #seal: string;
  #rest: Buffer[] = [];
  #length = 0;

  /** @param seal - what every line begins with */
  constructor(take: (value: unknown) => void, seal = "") {
    this.#take = take;
    this.#seal = seal;
  }

  /** @throws FlowRunnerError `FRAME_MALFORMED`, `FRAME_TOO_LARGE`, `FRAME_FORGED` */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#line(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#rest.push(chunk.subarray(start));
      this.#length += chunk.length - start;
    }
    if (this.#length <= longestFrame) return;
    this.#checkSeal(Buffer.concat(this.#rest).toString("utf8", 0, longestFrame));
    throw new FlowRunnerError("FRAME_TOO_LARGE", { type: "unknown", size: this.#length, about: "the peer" });
  }

  #checkSeal(line: string): void {
    if (!line.startsWith(this.#seal)) throw new FlowRunnerError("FRAME_FORGED", { excerpt: excerptOf(line) });
  }

  #line(tail: Buffer): void {
    const bytes = this.#rest.length === 0 ? tail : Buffer.concat([...this.#rest, tail]);
    this.#rest = [];
    this.#length = 0;
    const line = bytes.toString("utf8");
    this.#checkSeal(line);
    const text = line.slice(this.#seal.length);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new FlowRunnerError("FRAME_MALFORMED", { excerpt: excerptOf(text), problem: "it is no JSON" }, { cause });
    }
    this.#take(value);
  }
}
