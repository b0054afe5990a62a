import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { handlerFrom, JSONResultHandler } from "../../src/results/index.ts";
import { contextOf, refusal, toolsOf } from "./given.ts";
import { jsonValue } from "./values.ts";

const handler = new JSONResultHandler();
const write = (value: unknown): Promise<string> => handler.write(value, contextOf(), toolsOf());
const read = (location: string): Promise<unknown> => handler.read(location, toolsOf());

describe("JSONResultHandler", () => {
  it("keeps any JSON in the location itself", async () => {
    expect(await write({ a: [1, null, "ü"] })).toBe('{"a":[1,null,"ü"]}');
    await fc.assert(
      fc.asyncProperty(jsonValue, async (value) => {
        expect(await read(await write(value))).toEqual(value);
      }),
    );
  });

  it("writes the null of a task that returned nothing, and leaves out undefined properties", async () => {
    expect(await write(undefined)).toBe("null");
    expect(await write({ a: 1, b: undefined })).toBe('{"a":1}');
  });

  const when = new Date(0);
  const cycle: unknown[] = [1];
  cycle.push({ again: cycle });
  class Reading {}
  it.each([
    [{ rows: [0, 0, 0, { when }] }, "$.rows[3].when is a Date"],
    [[1, undefined], "$[1] is undefined"],
    [{ n: 10n }, "$.n is a BigInt"],
    [{ "odd key": Number.NaN }, '$["odd key"] is NaN'],
    [Number.POSITIVE_INFINITY, "$ is Infinity"],
    [{ f: () => 1 }, "$.f is a function (f)"],
    [{ r: [new Reading()] }, "$.r[0] is an instance of Reading"],
    [{ m: new Map() }, "$.m is a Map"],
    [{ u: new URL("http://x") }, "$.u is a URL"],
    [Buffer.from("x"), "$ is a Buffer"],
    [cycle, "$[1].again is a cycle"],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested.
    [[1, , 3], "$[1] is a hole in a sparse array"],
    [{ [Symbol("s")]: 1 }, "$ is an object with a symbol as key"],
    [{ s: Symbol("s") }, "$.s is a symbol"],
    [Object.assign([1], { extra: 2 }), "$.extra is a named property of an array"],
    [new Error("x"), "$ is an Error"],
    [Promise.resolve(1), "$ is a Promise"],
  ])("refuses, by path, what JSON would change: %#", async (value, where) => {
    const error = await refusal(write(value));
    expect(error.code).toBe("RESULT_NOT_JSON");
    expect(error.message).toContain(`cannot be kept as JSON: ${where}`);
  });

  it("takes the same object twice, which is no cycle", async () => {
    const shared = { a: 1 };
    expect(await write([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  it("refuses nesting without an end in sight, and does not overflow", async () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 200_000; depth += 1) deep = [deep];
    expect((await refusal(write(deep))).message).toContain("nested too deeply");
  });

  it("refuses what is too large for a state, with its size and the cure", async () => {
    const error = await refusal(write("ü".repeat(450_000)));
    expect(error.code).toBe("RESULT_TOO_LARGE");
    expect(error.message).toMatch(
      /900006 bytes as JSON, more than the 900000 bytes.*S3ResultHandler.*overflow: "flow"/,
    );
    expect(await read(await write("ü".repeat(449_997)))).toHaveLength(449_997);
  });

  it("does not take a damaged state for a value", async () => {
    for (const location of ["", '{"a":', "undefined"]) {
      expect((await refusal(read(location))).code).toBe("RESULT_DAMAGED");
    }
  });

  it("comes back from its description", () => {
    const overflowing = handlerFrom(new JSONResultHandler({ overflow: "flow" }).describe());
    expect(overflowing).toBeInstanceOf(JSONResultHandler);
    expect(overflowing?.describe()).toEqual({ type: "JSONResultHandler", overflow: "flow" });
  });
});
