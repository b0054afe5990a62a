import { createHash, randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type FileResult, fileResult, isStream, LocalResultHandler, type Serializer } from "../../src/results/index.ts";
import { contextOf, refusal, toolsOf } from "./given.ts";
import { structuredValue } from "./values.ts";

const tools = toolsOf();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "results-"));
});

describe("LocalResultHandler", () => {
  it("gives back any structured value", async () => {
    const handlers = [new LocalResultHandler({ dir }), new LocalResultHandler({ dir, compression: "zstd" })];
    await fc.assert(
      fc.asyncProperty(structuredValue, fc.constantFrom(...handlers), async (value, handler) => {
        const location = await handler.write(value, contextOf(), tools);
        expect(isDeepStrictEqual(await handler.read(location, tools), value)).toBe(true);
      }),
    );
  });

  it("gives back streams and files of any content, also empty ones", async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)));
    await fc.assert(
      fc.asyncProperty(chunks, fc.boolean(), async (parts, compressed) => {
        const handler = new LocalResultHandler({ dir, ...(compressed ? { compression: "zstd" } : {}) });
        const content = Buffer.concat(parts);
        const stream = await handler.read(await handler.write(Readable.from(parts), contextOf(), tools), tools);
        expect(isStream(stream)).toBe(true);
        expect(Buffer.concat(await (stream as Readable).toArray())).toEqual(content);
        await writeFile(join(dir, "in.bin"), content);
        const location = await handler.write(fileResult(join(dir, "in.bin")), contextOf(), tools);
        const file = (await handler.read(location, { ...tools, scratch: join(dir, "scratch") })) as FileResult;
        expect(await readFile(file.path)).toEqual(content);
      }),
      { numRuns: 50 },
    );
  });

  it("takes a web stream, and refuses a stream of objects", async () => {
    const handler = new LocalResultHandler({ dir });
    const web = await handler.write(new Blob(["from the web"]).stream(), contextOf(), tools);
    expect((await ((await handler.read(web, tools)) as Readable).toArray()).join("")).toBe("from the web");
    const error = await refusal(handler.write(Readable.from([{ row: 1 }]), contextOf(), tools));
    expect(error.message).toContain("a stream of objects");
  });

  it("keeps an absolute location, wherever the process runs later", async () => {
    const location = await new LocalResultHandler({ dir, location: "{flow_name}/{task_name}" }).write(
      1,
      contextOf(),
      tools,
    );
    expect(location).toBe(join(dir, "weather", "mean"));
    expect(await new LocalResultHandler({ dir: "/elsewhere" }).read(location, tools)).toBe(1);
  });

  it("keeps results under the home folder when nobody says where", async () => {
    const location = await new LocalResultHandler().write(1, contextOf(), tools);
    expect(location).toMatch(new RegExp(`^${homedir()}/.prefect/results/prefect-result-`));
    await rm(location);
  });

  it("shows a file only when it is complete", async () => {
    const handler = new LocalResultHandler({ dir, location: "out.bin" });
    await handler.write("before", contextOf(), tools);
    const source = new Readable({ read: () => undefined });
    const writing = handler.write(source, contextOf(), tools);
    source.push(randomBytes(100_000));
    await expect.poll(async () => (await readdir(dir)).length).toBe(2);
    expect(await handler.read("out.bin", tools)).toBe("before");
    source.destroy(new Error("the source broke"));
    const error = await refusal(writing);
    expect(error.code).toBe("RESULT_WRITE_FAILED");
    expect(error.message).toContain("the source broke");
    expect(await readdir(dir)).toEqual(["out.bin"]);
    expect(await handler.read("out.bin", tools)).toBe("before");
  });

  it("lets nobody else read a result", async () => {
    const location = await new LocalResultHandler({ dir }).write("x", contextOf(), tools);
    expect((await stat(location)).mode & 0o077).toBe(0);
  });

  it("names a file result that is not there", async () => {
    const missing = fileResult(join(dir, "none.csv"));
    const error = await refusal(new LocalResultHandler({ dir }).write(missing, contextOf(), tools));
    expect(error.message).toContain(`the file ${dir}/none.csv, which cannot be read`);
  });
});

describe("an object's header", () => {
  it("is a line that anybody can read, with the hash of all that follows", async () => {
    const handler = new LocalResultHandler({ dir });
    const bytes = await readFile(await handler.write(Buffer.from("payload"), contextOf(), tools));
    const [line = "", payload] = bytes.toString().split("\n");
    expect(payload).toBe("payload");
    expect(line).toMatch(
      /^flow-runner-result \{"format":1,"kind":"bytes","serializer":null,"compression":null,"sha256":"/,
    );
    const covered = '{"format":1,"kind":"bytes","serializer":null,"compression":null}payload';
    expect(line).toContain(createHash("sha256").update(covered).digest("hex"));
  });

  it("comes with a trailer where the content streams through", async () => {
    const handler = new LocalResultHandler({ dir });
    const bytes = await readFile(await handler.write(Readable.from(["payload"]), contextOf(), tools));
    const covered = '{"format":1,"kind":"stream","serializer":null,"compression":null}payload';
    const hash = createHash("sha256").update(covered).digest("hex");
    expect(bytes.toString()).toMatch(new RegExp(`"sha256":"trailer"\\}\npayload\nsha256=${hash}\n$`));
  });
});

describe("what is not what was written", () => {
  const samples = () => [{ rows: [1, 2, 3], text: "ü" }, Buffer.from("some bytes"), Readable.from(["a stream"])];
  const consume = async (value: unknown): Promise<unknown> => (value instanceof Readable ? value.toArray() : value);

  it("is refused: any byte changed, anywhere", async () => {
    const plain = new LocalResultHandler({ dir });
    const compressed = new LocalResultHandler({ dir, compression: "zstd" });
    const cases = [
      ...samples().map((value) => [plain, value] as const),
      [compressed, Readable.from(["a stream"])] as const,
    ];
    for (const [handler, value] of cases) {
      const location = await handler.write(value, contextOf(), tools);
      const good = await readFile(location);
      for (let at = 0; at < good.length; at += 1) {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ 0x01;
        await writeFile(location, bad);
        const error = await refusal(handler.read(location, tools).then(consume));
        expect(["RESULT_DAMAGED", "RESULT_SERIALIZER_UNKNOWN"]).toContain(error.code);
      }
    }
  });

  it("is refused: cut off at any length, or made longer", async () => {
    for (const value of samples()) {
      const handler = new LocalResultHandler({ dir });
      const location = await handler.write(value, contextOf(), tools);
      await appendFile(location, "x");
      expect((await refusal(handler.read(location, tools).then(consume))).code).toBe("RESULT_DAMAGED");
      for (let length = (await stat(location)).size - 2; length >= 0; length -= 1) {
        await truncate(location, length);
        const error = await refusal(handler.read(location, tools).then(consume));
        expect(error.code).toBe("RESULT_DAMAGED");
        expect(error.message).toContain(location);
      }
    }
  });

  it("leaves no file behind when a file result is damaged", async () => {
    const handler = new LocalResultHandler({ dir });
    await writeFile(join(dir, "in.bin"), "content");
    const location = await handler.write(fileResult(join(dir, "in.bin")), contextOf(), tools);
    await truncate(location, (await stat(location)).size - 5);
    const scratch = join(dir, "scratch");
    expect((await refusal(handler.read(location, { ...tools, scratch }))).code).toBe("RESULT_DAMAGED");
    expect(await readdir(scratch)).toEqual([]);
  });

  it.each([
    [Buffer.from([0x80, 0x04, 0x95]), "a Python pickle"],
    [Buffer.from("gASVBQAAAAAAAABLKi4="), "a Python pickle"],
    [Buffer.from("id,name\n1,a\n"), "does not begin with a flow-runner result header"],
    [Buffer.alloc(10_000, 1), "does not begin with a flow-runner result header"],
    [Buffer.alloc(0), "it is empty"],
    [Buffer.from('flow-runner-result {"format":2,"news":true}\nx'), "has format 2, and this version reads format 1"],
    [Buffer.from("flow-runner-result {\nx"), "its header is not JSON"],
  ])("is told by what it is: %#", async (bytes, says) => {
    await writeFile(join(dir, "foreign"), bytes);
    const error = await refusal(new LocalResultHandler({ dir }).read("foreign", tools));
    expect(error.code).toBe("RESULT_DAMAGED");
    expect(error.message).toContain(says);
  });

  it("is not there: after it was deleted", async () => {
    const handler = new LocalResultHandler({ dir });
    const location = await handler.write(1, contextOf(), tools);
    await rm(location);
    expect(await handler.exists(location, tools)).toBe(false);
    expect((await refusal(handler.read(location, tools))).code).toBe("RESULT_MISSING");
  });
});

describe("a serializer", () => {
  const csv: Serializer = {
    name: "csv",
    serialize: (rows: readonly (readonly string[])[]) => rows.map((row) => row.join(",")).join("\n"),
    deserialize: (bytes) =>
      bytes
        .toString()
        .split("\n")
        .map((line) => line.split(",")),
  };

  it("of one's own is used for values, and named in the object", async () => {
    const handler = new LocalResultHandler({ dir, serializer: csv });
    const rows = [
      ["a", "1"],
      ["b", "2"],
    ];
    const location = await handler.write(rows, contextOf(), tools);
    expect(await readFile(location, "utf8")).toMatch(/"serializer":"csv".*\na,1\nb,2$/s);
    expect(await handler.read(location, tools)).toEqual(rows);
    const error = await refusal(new LocalResultHandler({ dir }).read(location, tools));
    expect(error.message).toContain('written with the serializer "csv", which this handler does not have');
  });

  it("json keeps JSON, which any handler reads, and whatever reads JSON", async () => {
    const handler = new LocalResultHandler({ dir, serializer: "json" });
    const location = await handler.write({ a: ["\u2028é\n"] }, contextOf(), tools);
    const held = await readFile(location, "utf8");
    const { metadata, result } = JSON.parse(held);
    expect([metadata.serializer.type, JSON.parse(result)]).toEqual(["json", { a: ["\u2028é\n"] }]);
    expect(await new LocalResultHandler({ dir }).read(location, tools)).toEqual({ a: ["\u2028é\n"] });
    await writeFile(location, held.replace("metadata", "METADATA"));
    expect((await refusal(handler.read(location, tools))).code).toBe("RESULT_DAMAGED");
    expect((await refusal(handler.write({ at: new Date() }, contextOf(), tools))).message).toContain("$.at is a Date");
  });

  it("that fails is named, on the way in and out", async () => {
    const broken: Serializer = {
      name: "broken",
      serialize: () => "text",
      deserialize: () => {
        throw new Error("no such thing");
      },
    };
    const handler = new LocalResultHandler({ dir, serializer: broken });
    const location = await handler.write(1, contextOf(), tools);
    expect((await refusal(handler.read(location, tools))).message).toMatch(/"broken" failed to read .*no such thing/);
    const silent = { ...broken, serialize: () => undefined as unknown as string };
    const error = await refusal(new LocalResultHandler({ dir, serializer: silent }).write(1, contextOf(), tools));
    expect(error.message).toContain("neither text nor bytes");
  });
});
