import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currentRun } from "../../src/host/child/current-run.ts";
import { ExtraLoggers } from "../../src/host/child/output/extra-loggers.ts";
import { Printer } from "../../src/host/child/output/printer.ts";
import { printThrough } from "../../src/host/child/output/streams.ts";
import { hostEnvironment } from "../../src/host/runner/process/host-environment.ts";
import { readLines } from "../../src/host/runner/process/output-lines.ts";
import { LineMarks, OwnerMarks } from "../../src/host/runner/process/output-marks.ts";
import { UnfinishedLines } from "../../src/host/runner/process/unfinished-lines.ts";
import { createMasker } from "../../src/secrets/index.ts";

const secret = "line one of it\nand line two\nend";
const masker = createMasker();
masker.register("KEY", secret);

interface OutputLine {
  readonly text: string;
  readonly taskRunId: string | null;
}

/** What the runner reads of a stream that a host writes so, cut at these places. */
async function lines(write: (stream: NodeJS.WriteStream) => void, places: readonly number[] = []) {
  const written: Buffer[] = [];
  const printer = new Printer(masker.mask, (_descriptor, text) => void written.push(Buffer.from(text)));
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  printThrough(printer, stream, "stdout", new ExtraLoggers());
  write(stream);
  const bytes = Buffer.concat(written);
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  const pipe = new PassThrough();
  const read: OutputLine[] = [];
  const times: number[] = [];
  const unfinished = new UnfinishedLines();
  readLines(
    pipe,
    new LineMarks(),
    (text, mark) => {
      times.push(mark.time);
      const whole = unfinished.take(text, mark);
      if (whole !== null) read.push({ text: whole, taskRunId: mark.taskRunId });
    },
    () => masker.stream(),
  );
  for (const [index, end] of ends.entries()) pipe.write(bytes.subarray(ends[index - 1] ?? 0, end));
  pipe.end();
  await new Promise((resolve) => pipe.on("end", resolve));
  unfinished.end((text, { taskRunId }) => read.push({ text, taskRunId }));
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
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

  it("in bytes is its own too, also where a character is cut", async () => {
    const read = await lines((stream) =>
      as("a", () => {
        for (const byte of Buffer.from("ü🌦\n")) stream.write(Buffer.of(byte));
      }),
    );
    expect(read).toEqual([{ text: "ü🌦", taskRunId: "a" }]);
  });

  it("without an end is not mixed with what another one prints", async () => {
    const read = await lines((stream) => {
      as("a", () => void stream.write("half a line"));
      as("b", () => void stream.write("a whole one\n"));
      as("a", () => void stream.write(" and the rest\n"));
      as("b", () => void stream.write("never ended"));
      as("a", () => void stream.write("one more\n"));
    });
    expect(read).toEqual([
      { text: "a whole one", taskRunId: "b" },
      { text: "half a line and the rest", taskRunId: "a" },
      { text: "one more", taskRunId: "a" },
      { text: "never ended", taskRunId: "b" },
    ]);
  });

  it("can't pass for another one's", async () => {
    const forged = "\u0001stdout 1 b\u0002forged";
    expect(await lines((stream) => as("a", () => void stream.write(`${forged}\n`)))).toEqual([
      { text: forged, taskRunId: "a" },
    ]);
  });

  it.each(["9".repeat(20), "9".repeat(400), "4102444800000"])(
    "with a forged mark that says %s is not told as of then",
    (time) => {
      const marks = new LineMarks();
      const before = Date.now();
      const forged = marks.read(`\u0001stdout ${time} a\u0002forged`);
      const next = marks.read("\u0001stdout 1 a\u0002next");
      expect([forged.text, next.text]).toEqual(["forged", "next"]);
      for (const { mark } of [forged, next]) {
        expect(mark.time).toBeGreaterThanOrEqual(before);
        expect(mark.time).toBeLessThanOrEqual(Date.now() + 1);
      }
    },
  );

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

describe("what is printed past the streams", () => {
  async function read(...chunks: readonly string[]) {
    const pipe = new PassThrough();
    const lines: OutputLine[] = [];
    readLines(
      pipe,
      new OwnerMarks("stderr"),
      (text, { taskRunId }) => lines.push({ text, taskRunId }),
      () => masker.stream(),
    );
    for (const chunk of chunks) {
      pipe.write(chunk);
      await new Promise(setImmediate);
    }
    pipe.end();
    await new Promise((resolve) => pipe.on("end", resolve));
    return lines;
  }

  it("is the owner's until another one is told, wherever the pipe is cut", async () => {
    expect(
      await read("no", "body\n\u0001", "a\u0002one\ntwo", "\n\u0001\u0002\u0001b\u0002three\n\u0001\u0002"),
    ).toEqual([
      { text: "nobody", taskRunId: null },
      { text: "one", taskRunId: "a" },
      { text: "two", taskRunId: "a" },
      { text: "three", taskRunId: "b" },
    ]);
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
        new LineMarks(),
        (text, { taskRunId }) => read.push({ text, taskRunId }),
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

describe("a mark that the flow's code has written itself", () => {
  it.each([
    ["a time that no calendar has", "99999999999999999999"],
    ["a time before the host was there", "0"],
    ["a time to come", String(Date.now() + 1_000_000_000)],
  ])("cannot put its line at %s, nor those after it", (_, time) => {
    const begin = Date.now();
    const marks = new LineMarks();
    for (const text of [`\u0001stdout ${time} id\u0002forged`, `\u0001stdout ${Date.now()} id\u0002own`]) {
      const { mark } = marks.read(text);
      expect(mark.time).toBeGreaterThanOrEqual(begin);
      expect(mark.time).toBeLessThanOrEqual(Date.now() + 1);
    }
  });
});
