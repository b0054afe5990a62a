import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMasker } from "../../src/secrets/index.ts";

const secret = "hunter2-and-more";
function masker() {
  const made = createMasker();
  made.register("DB", { user: "weather-app-7", password: secret });
  return made;
}

describe("finding a secret in a value", () => {
  const cycle: Record<string, unknown> = { rows: [1, 2, { url: `postgres://x:${secret}@db` }] };
  cycle.self = cycle;
  it.each([
    ["a text", `key ${secret}`, "$"],
    ["an object with a cycle", cycle, "$.rows[2].url"],
    ["JSON inside a text", { a: JSON.stringify({ secret }) }, "$.a"],
    ["base64", { auth: Buffer.from(`u:${secret}`).toString("base64") }, "$.auth"],
    ["a Map's value", { m: new Map([["k", secret]]) }, "$.m.k"],
    ["a Map's key", new Map([[{ secret }, 1]]), "$<key 0>.secret"],
    ["a Set", new Set([1, secret]), "$[1]"],
    ["bytes", { body: Buffer.from(`..${secret}..`) }, "$.body"],
    ["a typed array's bytes", new Uint8Array(Buffer.from(secret)), "$"],
    ["an error's message", { e: new Error(`no ${secret}`) }, "$.e.message"],
    ["an error's cause", new Error("x", { cause: secret }), "$.cause"],
  ])("names the path in %s", (_, value, path) => {
    expect(masker().findSecret(value)).toEqual({ path, secret: "DB" });
  });

  it("does not print a secret that is a key of the path", () => {
    const found = masker().findSecret({ [secret]: { [secret]: 1 } });
    expect(found?.secret).toBe("DB");
    expect(found?.path).not.toContain(secret);
  });

  it("finds it in a text of many megabytes", () => {
    expect(masker().findSecret({ csv: `${"a,b\n".repeat(1_000_000)}${secret}` })).toEqual({
      path: "$.csv",
      secret: "DB",
    });
  });

  it("finds nothing where there is nothing, and something wherever it was put", () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.array(fc.string(), { maxLength: 4 }), (value, path) => {
        expect(masker().findSecret(value)).toBeNull();
        const nested = path.reduceRight<unknown>((inner, key) => ({ ...value, [key]: inner }), `x${secret}`);
        expect(masker().findSecret(nested)?.secret).toBe("DB");
      }),
    );
  });
});
