import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currentRun } from "../../src/host/child/current-run.ts";
import { tagOutput } from "../../src/host/child/tag-output.ts";
import { hostEnvironment } from "../../src/host/runner/process/host-environment.ts";
import { type OutputLine, readLines } from "../../src/host/runner/process/output-lines.ts";
import { createMasker } from "../../src/secrets/index.ts";

const secret = "line one of it\nand line two\nend";
const masker = createMasker();
masker.register("KEY", secret);

/** What the runner reads of a stream that a host writes so, cut at these places. */
async function lines(write: (stream: NodeJS.WriteStream) => void, places: readonly number[] = []) {
  const written: Buffer[] = [];
  const out = new PassThrough();
  out.on("data", (chunk: Buffer) => written.push(chunk));
  const stream = out as unknown as NodeJS.WriteStream;
  tagOutput(stream, masker.mask);
  write(stream);
  await new Promise((resolve) => out.end(resolve));
  const bytes = Buffer.concat(written);
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  const pipe = new PassThrough();
  const read: OutputLine[] = [];
  readLines(
    pipe,
    (line) => read.push(line),
    () => masker.stream(),
  );
  for (const [index, end] of ends.entries()) pipe.write(bytes.subarray(ends[index - 1] ?? 0, end));
  pipe.end();
  await new Promise((resolve) => pipe.on("end", resolve));
  return read;
}

const as = (taskRunId: string | null, print: () => void): void => currentRun.run({ id: 1, taskRunId }, print);

describe("what a task prints", () => {
  it("is read line by line with its task run, wherever the pipe is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("a", "b", null), fc.stringMatching(/^[ -~ü🌦]{0,12}$/u)), { maxLength: 8 }),
        fc.array(fc.nat()),
        async (prints, places) => {
          const read = await lines((stream) => {
            for (const [owner, text] of prints) as(owner, () => void stream.write(`${text}\n`));
          }, places);
          expect(read).toEqual(prints.map(([taskRunId, text]) => ({ text, taskRunId })));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("in several lines at once is its own in each of them", async () => {
    const read = await lines((stream) => as("a", () => void stream.write("one\ntwo\n\nfour\n")));
    expect(read).toEqual(["one", "two", "", "four"].map((text) => ({ text, taskRunId: "a" })));
  });

  it("does not claim the line that another one prints next", async () => {
    const read = await lines((stream) => {
      as("a", () => void stream.write("one\n"));
      stream.write("nobody's\n");
      as("b", () => void stream.write("two\n"));
    });
    expect(read.map(({ taskRunId }) => taskRunId)).toEqual(["a", null, "b"]);
  });

  it("in pieces is one line", async () => {
    const read = await lines((stream) =>
      as("a", () => {
        stream.write("half ");
        stream.write("and half\n");
      }),
    );
    expect(read).toEqual([{ text: "half and half", taskRunId: "a" }]);
  });

  it("without a line feed at the end is read all the same", async () => {
    expect(await lines((stream) => void stream.write("last words"))).toEqual([{ text: "last words", taskRunId: null }]);
  });

  it("in one endless line is passed on in parts", async () => {
    const places = Array.from({ length: 40 }, (_, index) => index * 64 * 1024);
    const read = await lines((stream) => void stream.write("x".repeat(2_500_000)), places);
    expect(read.length).toBeGreaterThan(1);
    expect(read.map(({ text }) => text).join("")).toHaveLength(2_500_000);
  });

  it("in one endless line keeps its task run in every part", async () => {
    const places = Array.from({ length: 40 }, (_, index) => index * 64 * 1024);
    const read = await lines((stream) => as("a", () => void stream.write(`${"x".repeat(1_500_000)}\n`)), places);
    expect(read.length).toBeGreaterThan(1);
    expect(new Set(read.map(({ taskRunId }) => taskRunId))).toEqual(new Set(["a"]));
  });
});

describe("a secret that a task prints", () => {
  it("of several lines is masked whole, its short lines too", async () => {
    const read = await lines((stream) => as("a", () => void stream.write(`the key:\n${secret}\n`)));
    expect(read.map(({ text }) => text)).toEqual(["the key:", "***"]);
  });

  it("is masked wherever a line that is too long is cut", async () => {
    const token = "token-0815-4711";
    const held = createMasker();
    held.register("TOKEN", token);
    for (let shift = -20; shift <= 5; shift += 1) {
      const pipe = new PassThrough();
      const read: OutputLine[] = [];
      readLines(
        pipe,
        (line) => read.push(line),
        () => held.stream(),
      );
      const before = "x".repeat(1_000_000 + shift);
      // Exactly what fills a line comes alone, so that the cut lies within the token.
      const all = `${before}${token}${token}\n`;
      for (const [from, to] of [
        [0, 1_000_001],
        [1_000_001, all.length],
      ]) {
        pipe.write(all.slice(from, to));
        await new Promise(setImmediate);
      }
      pipe.end();
      await new Promise((resolve) => pipe.on("end", resolve));
      expect(read).toHaveLength(2);
      expect(read.map(({ text }) => text).join("")).toBe(`${before}******`);
    }
  });
});

describe("a host's environment", () => {
  it("is the container's own, without the API's keys and the context's secrets", () => {
    const kept = { PATH: "/bin", PREFECT__CLOUD__API: "http://api", AWS_ROLE_ARN: "arn", PREFECT__CONTEXT__DAY: "mon" };
    const secret = {
      PREFECT__CLOUD__API_KEY: "k",
      PREFECT__CLOUD__AUTH_TOKEN: "k",
      PREFECT__CLOUD__AGENT__AUTH_TOKEN: "k",
      PREFECT__CLOUD__AGENT__API_KEY: "k",
      PREFECT_API_KEY: "k",
      PREFECT__CONTEXT__SECRETS__AWS_CREDENTIALS: "k",
      prefect__context__secrets__lower: "k",
    };
    expect(hostEnvironment({ ...kept, ...secret })).toEqual(kept);
  });
});
