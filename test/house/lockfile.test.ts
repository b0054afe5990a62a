import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lockfileSchema, missingPlatforms, platformEntries } from "../../scripts/lockfile/platform-entries.ts";

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "package-lock.json"), "utf8");
const lock = lockfileSchema.parse(JSON.parse(text));

describe("package-lock.json", () => {
  test("holds no download address", () => {
    expect(text).not.toContain('"resolved"');
    expect(text).not.toMatch(/"[^"]*:\/\/[^"]*\.tgz"/);
  });

  test("has every platform's own packages, so that npm ci holds on all of them", () => {
    expect(missingPlatforms(lock)).toEqual([]);
    const platforms = Object.keys(lock.packages).filter((path) => path.includes("@biomejs/cli-"));
    expect(platforms).toEqual(expect.arrayContaining([expect.stringContaining("darwin-arm64")]));
    expect(platforms).toEqual(expect.arrayContaining([expect.stringContaining("win32-x64")]));
  });

  test("is of this package.json", () => {
    const { version, dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(root, "package.json"), "utf8"),
    );
    expect(lock.packages[""]).toMatchObject({ version, dependencies, devDependencies, optionalDependencies });
  });
});

describe("supplying the platforms a registry left out", () => {
  const entry = (optionalDependencies: Record<string, string>, dev = false) => ({
    packages: { "node_modules/tool": { version: "1.0.0", dev, optionalDependencies } },
  });

  test("names the processor and the system, so that npm installs it nowhere else", () => {
    expect(platformEntries(entry({ "@tool/win32-arm64": "1.2.3" }, true))).toEqual({
      "node_modules/@tool/win32-arm64": { version: "1.2.3", cpu: ["arm64"], dev: true, optional: true, os: ["win32"] },
    });
  });

  test("leaves alone what is there, also nested in the package itself", () => {
    const lock = entry({ "@tool/linux-x64": "1.2.3", fsevents: "1.0.0" });
    const there = { "node_modules/tool/node_modules/@tool/linux-x64": {}, "node_modules/fsevents": {} };
    expect(platformEntries({ packages: { ...lock.packages, ...there } })).toEqual({});
  });

  test("refuses to guess", () => {
    expect(() => platformEntries(entry({ "tool-extra": "1.0.0" }))).toThrow(/tool-extra@1\.0\.0.*add it by hand/);
    expect(() => platformEntries(entry({ "tool-linux-x64": "^1.0.0" }))).toThrow(/add it by hand/);
  });
});
