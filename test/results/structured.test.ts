import { isDeepStrictEqual } from "node:util";
import { deserialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloneFault } from "../../src/results/values/clone-fault.ts";
import { structuredSerializer } from "../../src/results/values/serializer.ts";
import { refusal } from "./given.ts";
import { structuredValue } from "./values.ts";

class Reading {
  value = 1;
}
class HttpError extends Error {}
class Rows extends Map {}
class Row extends Array {}

describe("what a structured clone keeps", () => {
  it("comes back equal", async () => {
    await fc.assert(
      fc.asyncProperty(structuredValue, async (value) => {
        expect(cloneFault(value)).toBeNull();
        const bytes = await structuredSerializer.serialize(value as never);
        expect(isDeepStrictEqual(deserialize(Buffer.from(bytes)), value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [{ a: [() => 1] }, "$.a[0] is a function"],
    [{ run: async function fetchDay() {} }, "$.run is a function (fetchDay)"],
    [{ rows: new Map([["mon", [1, new Reading()]]]) }, "$.rows.mon[1] is an instance of Reading"],
    [new Map([[new Reading(), 1]]), "$<key 0> is an instance of Reading"],
    [new Set([1, Symbol("x")]), "$<member 1> is a symbol"],
    [{ rows: new Rows() }, "$.rows is an instance of Rows"],
    [{ row: Row.from([1]) }, "$.row is an instance of Row"],
    [{ e: new HttpError("x") }, "$.e is an instance of HttpError"],
    [
      { e: Object.assign(new Error("x"), { status: 404 }) },
      "$.e.status is a property of an Error, which would be lost",
    ],
    [{ e: new Error("x", { cause: { f: Math.max } }) }, "$.e.cause.f is a function (max)"],
    [{ p: Promise.resolve() }, "$.p is a Promise"],
    [{ w: new WeakMap() }, "$.w is a WeakMap"],
    [{ p: new Proxy({}, {}) }, "$.p is a Proxy"],
    [{ [Symbol("x")]: 1 }, "$ is an object with a symbol as key"],
    [[new URL("http://x")], "$[0] is a URL"],
    [new SharedArrayBuffer(1), "$ is a SharedArrayBuffer"],
  ])("all else is refused by its path: %#", async (value, where) => {
    const error = await refusal(Promise.resolve(structuredSerializer.serialize(value as never)));
    expect(error.code).toBe("RESULT_NOT_CLONEABLE");
    expect(error.message).toContain(`cannot be persisted: ${where}.`);
  });

  it("one wrong leaf anywhere is found, whatever stands around it", () => {
    fc.assert(
      fc.property(structuredValue, fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }), (around, layers) => {
        const wrap = (inner: unknown, kind: number): unknown =>
          [[around, inner], { around, inner }, new Map([[around, inner]]), new Set([around, inner])][kind];
        const fault = cloneFault(layers.reduce<unknown>(wrap, new Reading()));
        expect(fault?.what).toBe("an instance of Reading");
      }),
    );
  });
});
