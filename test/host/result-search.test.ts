import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { HostSecrets } from "../../src/host/core/secrets/host-secrets.ts";
import { ResultSearch } from "../../src/host/core/secrets/result-search.ts";
import { fileResult, LocalResultHandler } from "../../src/results/index.ts";

const value = "hunter2-and-more";

async function search(...names: readonly string[]): Promise<ResultSearch> {
  const secrets = new HostSecrets(async () => value);
  for (const name of names) await secrets.get(name);
  return new ResultSearch(secrets, "dump");
}

const refused = /The result of task "dump" holds the secret "TOKEN" at \$/;

/** Chunks as a socket gives them, of a content of this length with the secret at this place. */
function* chunksOf(length: number, at: number, text = value): Generator<Buffer> {
  const content = Buffer.alloc(length, "x");
  content.write(text, at);
  for (let from = 0; from < length; from += 65_536) yield content.subarray(from, from + 65_536);
}

describe("a stream that is a result", () => {
  const megabyte = 1024 * 1024;
  it.each([
    ["at its beginning", 0],
    ["across two chunks", 65_536 - 5],
    ["across two windows", 2 * megabyte + 65_536 - 5],
    ["across the windows after them", 4 * megabyte + 65_536 - 5],
    ["at its end", 5 * megabyte - value.length],
  ])("fails before its end where a secret is in it, %s", async (_, at) => {
    const source = Readable.from(chunksOf(5 * megabyte, at));
    const searched = await (await search("TOKEN")).of(source);
    await expect(buffer(searched as Readable)).rejects.toThrow(refused);
  });

  it("fails for an encoded secret in a small one", async () => {
    const encoded = Buffer.from(`me:${value}`).toString("base64");
    const searched = await (await search("TOKEN")).of(Readable.from(chunksOf(10_000, 5_000, encoded)));
    await expect(buffer(searched as Readable)).rejects.toThrow(refused);
  });

  it("comes through unchanged where there is none, in whatever chunks and of whatever kind", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 300_000 }), fc.string()), { maxLength: 20 }),
        fc.boolean(),
        async (chunks, web) => {
          const whole = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as Uint8Array)));
          const source = Readable.from(chunks);
          const given = web ? Readable.toWeb(Readable.from([whole], { objectMode: false })) : source;
          const searched = await (await search("TOKEN")).of(given);
          expect((await buffer(searched as Readable)).equals(whole)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is left alone where no secret was fetched", async () => {
    const source = Readable.from([value]);
    expect(await (await search()).of(source)).toBe(source);
  });

  it("leaves nothing in the store, and the reason is the secret", async () => {
    const dir = await mkdtemp(join(tmpdir(), "search-"));
    onTestFinished(() => rm(dir, { recursive: true }));
    const handler = new LocalResultHandler({ dir, attempts: 1, location: "dump" });
    const found = await search("TOKEN");
    const searched = await found.of(Readable.from(chunksOf(3 * megabyte, 2 * megabyte)));
    const tools = { secret: async () => value, signal: new AbortController().signal };
    const error = await handler.write(searched, {} as never, tools).then(
      () => null,
      (reason: unknown) => found.reason(reason),
    );
    expect(String(error)).toMatch(refused);
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("a file that is a result", () => {
  it("is searched before it is written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "search-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "dump.csv");
    await writeFile(path, `a,b\n1,${value}\n`);
    await expect((await search("TOKEN")).of(fileResult(path))).rejects.toThrow(refused);
    await writeFile(path, "a,b\n1,2\n");
    expect(await (await search("TOKEN")).of(fileResult(path))).toMatchObject({ path });
  });

  it("that is not there is left to the handler, which names it", async () => {
    const file = fileResult("/nonexistent/dump.csv");
    expect(await (await search("TOKEN")).of(file)).toBe(file);
  });
});

describe("a text that would be kept with the run", () => {
  it("is refused with what it is, also where a location has encoded a part of it", async () => {
    const secrets = new HostSecrets(async () => "user/pass\\word-1");
    expect(() => secrets.refuseIn("at-user%2Fpass%5Cword-1", "target")).not.toThrow();
    await secrets.get("LOGIN");
    for (const text of ["at-user%2Fpass%5Cword-1", "for user/pass\\word-1", encodeURIComponent("user/pass\\word-1")]) {
      expect(() => secrets.refuseIn(text, 'target of task "dump"')).toThrow(
        /^The target of task "dump" is not persisted: \$ holds the secret "LOGIN"/,
      );
    }
    secrets.refuseIn("2012/01/01/100%", "target");
  });
});
