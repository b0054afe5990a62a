import fc from "fast-check";

/** Inputs made of real ones: each a sample with a few places changed. */

type Edit = (bytes: Buffer) => Buffer;

const edit: fc.Arbitrary<Edit> = fc
  .tuple(
    fc.constantFrom("flip", "cut", "drop", "repeat", "insert", "set"),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 1, max: 40 }),
    fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc
        .constantFrom("\n", '"', "}", "null", "\\u0000", "\u0001", "\u0002", "é", "9".repeat(30), "[".repeat(2_000))
        .map((text) => Buffer.from(text)),
    ),
  )
  .map(([kind, place, length, extra]) => (bytes) => {
    const at = Math.floor(place * bytes.length);
    const [before, here, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
    switch (kind) {
      case "flip":
        return Buffer.concat([before, here.map((byte) => byte ^ (1 << (length % 8))), after]);
      case "cut":
        return before;
      case "drop":
        return Buffer.concat([before, after]);
      case "repeat":
        return Buffer.concat([before, here, here, after]);
      case "insert":
        return Buffer.concat([before, extra, here, after]);
      default:
        return Buffer.concat([before, extra, after]);
    }
  });

/** A sample as bytes, changed at up to four places; now and then not at all. */
export const mutatedBytes = (samples: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 4 }))
    .map(([sample, edits]) => edits.reduce((bytes, change) => change(bytes), sample));

export const mutatedText = (samples: readonly string[]): fc.Arbitrary<string> =>
  mutatedBytes(samples.map((sample) => Buffer.from(sample))).map((bytes) => bytes.toString("utf8"));

const stranger = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 1e308, "", "Success", "__proto__", [], {}, [[]], { type: "Mapped" }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A JSON value in which up to three values somewhere in it are others, or gone. */
export function mutatedJson(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  const change = fc.tuple(fc.array(fc.nat(50), { maxLength: 8 }), fc.boolean(), stranger);
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { maxLength: 3 }))
    .map(([sample, changes]) =>
      changes.reduce(
        (value, [path, isGone, other]) => replaced(value, path, isGone, structuredClone(other)),
        structuredClone(sample),
      ),
    );
}

/** @param path - at each level, which of the entries; where it ends or nothing is below, the value is replaced */
function replaced(value: unknown, path: readonly number[], isGone: boolean, other: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || value === null || typeof value !== "object") return other;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const entries = value as Record<string, unknown>;
  if (rest.length === 0 && isGone) delete entries[key];
  else entries[key] = replaced(entries[key], rest, isGone, other);
  return value;
}
