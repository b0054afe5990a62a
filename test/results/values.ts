import { Buffer } from "node:buffer";
import fc from "fast-check";

/** Any JSON value that JavaScript's own JSON keeps: no -0, which it writes as 0. */
export const jsonValue = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom<unknown>(null, undefined, Number.NaN, Number.NEGATIVE_INFINITY, -0),
  fc.date(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.uint8Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.uint8Array().map((bytes) => bytes.buffer),
  fc.constantFrom(/a+b/gi, /\//),
  fc.string().map((message) => new TypeError(message, { cause: message })),
);

/** Any value that a structured clone keeps, also with cycles. */
export const structuredValue: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown; any: unknown }>((tie) => ({
  node: fc.oneof(
    fc.array(tie("any"), { maxLength: 4 }),
    fc.array(fc.tuple(tie("any"), tie("any")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie("any"), { maxLength: 4 }).map((members) => new Set(members)),
    fc.dictionary(fc.string(), tie("any"), { maxKeys: 4, noNullPrototype: true }),
    fc.dictionary(fc.string(), tie("any"), { maxKeys: 3, noNullPrototype: true }).map((object) => {
      const cyclic: Record<string, unknown> = { ...object };
      cyclic.me = cyclic;
      return cyclic;
    }),
  ),
  any: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("node")),
})).any;
