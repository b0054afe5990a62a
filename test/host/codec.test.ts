import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, FrameReader, longestFrame } from "../../src/host/protocol/index.ts";

/** Cuts bytes at these places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function readAll(chunks: readonly Buffer[]): unknown[] {
  const values: unknown[] = [];
  const reader = new FrameReader((value) => values.push(value));
  for (const chunk of chunks) reader.push(chunk);
  return values;
}

const frame = (text: string) => ({ type: "test", text });

describe("frames", () => {
  it("come out as they went in, wherever the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ type: fc.string(), value: fc.jsonValue() }), { maxLength: 8 }),
        fc.array(fc.nat()),
        (frames, places) => {
          const bytes = Buffer.from(frames.map((each) => encodeFrame(each, "a test")).join(""));
          expect(readAll(cutAt(bytes, places))).toEqual(frames.map((each) => JSON.parse(JSON.stringify(each))));
        },
      ),
    );
  });

  it("may hold line feeds and any letter in their texts", () => {
    const text = "a\nb\r\n\u2028 ünïcödé 🌦 \u0000";
    const bytes = Buffer.from(encodeFrame(frame(text), "a test"));
    expect(readAll(cutAt(bytes, [...bytes.keys()]))).toEqual([frame(text)]);
  });

  it("are one line each", () => {
    expect(encodeFrame(frame("a\nb"), "a test").split("\n")).toHaveLength(2);
  });

  it("that are as long as a frame may be pass, and longer ones name what they are about", () => {
    const overhead = encodeFrame(frame(""), "a test").length;
    expect(encodeFrame(frame("x".repeat(longestFrame - overhead)), "a test")).toHaveLength(longestFrame);
    expect(() => encodeFrame(frame("x".repeat(longestFrame - overhead + 1)), "task fetch-1")).toThrow(
      expect.objectContaining({ code: "FRAME_TOO_LARGE", message: expect.stringContaining("task fetch-1") }),
    );
  });

  it("are measured in bytes, not in letters", () => {
    expect(() => encodeFrame(frame("ü".repeat(longestFrame / 2)), "a test")).toThrow(
      expect.objectContaining({ code: "FRAME_TOO_LARGE" }),
    );
  });

  it("without an end are refused before they fill the memory", () => {
    const reader = new FrameReader(() => undefined);
    const chunk = Buffer.alloc(64 * 1024, "x");
    expect(() => {
      for (let sent = 0; sent <= longestFrame; sent += chunk.length) reader.push(chunk);
    }).toThrow(expect.objectContaining({ code: "FRAME_TOO_LARGE" }));
  });

  it("that are no JSON are refused with how they begin", () => {
    expect(() => readAll([Buffer.from("hello there\n")])).toThrow(
      expect.objectContaining({ code: "FRAME_MALFORMED", message: expect.stringContaining("hello there") }),
    );
  });
});

describe("a channel with a seal", () => {
  const seal = "0c9b";
  const read = (text: string): unknown[] => {
    const values: unknown[] = [];
    new FrameReader((value) => values.push(value), seal).push(Buffer.from(text));
    return values;
  };

  it("takes what its owner has written", () => {
    const frame = { type: "pong", id: 1 } as const;
    expect(read(encodeFrame(frame, "it", seal) + encodeFrame(frame, "it", seal))).toEqual([frame, frame]);
  });

  it.each([
    ["a frame without it", '{"type":"pong","id":1}\n'],
    ["a frame with another one", '0c9a{"type":"pong","id":1}\n'],
    ["a line that breaks into one of its owner's", `warning: 0c9b{"type":"pong","id":1}\n`],
    ["an empty line", "\n"],
    ["a line without it that never ends", "x".repeat(longestFrame + 1)],
  ])("refuses %s", (_, line) => {
    expect(() => read(line)).toThrow(expect.objectContaining({ code: "FRAME_FORGED" }));
  });
});
