import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Scratch } from "../../src/host/core/values/scratch.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scratch-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the scratch store", () => {
  it("gives another host what one has kept", () => {
    let handle = 0;
    fc.assert(
      fc.property(fc.object({ withDate: true, withMap: true, withSet: true, withBigInt: true }), (value) => {
        handle += 1;
        expect(new Scratch(folder).keep(handle, value)).toBeNull();
        expect(new Scratch(folder).load(handle)?.value).toEqual(value);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps undefined apart from nothing", () => {
    const scratch = new Scratch(folder);
    scratch.keep(1, undefined);
    expect(scratch.load(1)).toEqual({ value: undefined });
    expect(scratch.load(2)).toBeNull();
  });

  it("keeps an error with its message and stack", () => {
    const scratch = new Scratch(folder);
    const error = new RangeError("too far");
    scratch.keep(1, error);
    expect(scratch.load(1)?.value).toMatchObject({ message: "too far", stack: error.stack });
    expect(scratch.load(1)?.value).toBeInstanceOf(RangeError);
  });

  it("says why a value cannot be kept, and leaves nothing of it", () => {
    expect(new Scratch(folder).keep(1, { callback: () => 1 })).toMatch(/could not be cloned/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says that it is full, and keeps what it has", () => {
    const scratch = new Scratch(folder, 1_000);
    expect(scratch.keep(1, "x".repeat(500))).toBeNull();
    expect(scratch.keep(2, "x".repeat(500))).toMatch(/full \(1000 bytes\)/);
    expect(scratch.load(1)?.value).toBe("x".repeat(500));
    expect(scratch.load(2)).toBeNull();
  });

  it("has room again for what was dropped", () => {
    const scratch = new Scratch(folder, 1_000);
    for (let handle = 1; handle < 10; handle += 1) {
      expect(scratch.keep(handle, "x".repeat(700))).toBeNull();
      scratch.drop(handle);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does not write again what it has", () => {
    const scratch = new Scratch(folder);
    scratch.keep(1, "first");
    scratch.keep(1, "second");
    expect(scratch.load(1)?.value).toBe("first");
    scratch.drop(1);
    scratch.keep(1, "third");
    expect(scratch.load(1)?.value).toBe("third");
  });
});
