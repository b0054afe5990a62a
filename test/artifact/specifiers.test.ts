import { expect, test } from "vitest";
import { isBare, packageOf } from "../../src/artifact/module/specifier.ts";
import { describeThrown } from "../../src/artifact/module/thrown.ts";

test("a package's name is told from paths, on Windows too, from URLs and from built-in modules", () => {
  const bare = [
    "lodash",
    "lodash/fp",
    "@scope/name",
    "@scope/name/part.js",
    "#alias",
    ".hidden",
    "..odd",
    "a:b/c".slice(2),
  ];
  const other = ["./a", "../a", ".", "..", "/a", "C:\\flows\\a.ts", "C:/a.ts", ".\\a", "..\\a", "\\a"];
  const urls = ["file:///a", "https://example.org/a", "data:text/javascript,1", "node:fs", "fs", "fs/promises"];
  expect(bare.filter((specifier) => !isBare(specifier))).toEqual([]);
  expect([...other, ...urls].filter(isBare)).toEqual([]);
});

test("the package of a specifier", () => {
  expect(["lodash", "lodash/fp", "@scope/name", "@scope/name/a/b"].map(packageOf)).toEqual([
    "lodash",
    "lodash",
    "@scope/name",
    "@scope/name",
  ]);
});

test.each([
  ["at fetch (flow:src/weather.ts:12:9)", "flow:src/weather.ts:12"],
  ["at flow:src/weather.ts:12:9", "flow:src/weather.ts:12"],
  ["at async Object.run (C:\\flows\\a b\\weather.ts:3:1)", "C:\\flows\\a b\\weather.ts:3"],
  ["at run (/home/me/my flows/weather.ts:3:1)", "/home/me/my flows/weather.ts:3"],
  ["at ModuleJob.run (node:internal/modules/esm/module_job:569:25)", null],
  ["at helper (/home/me/node_modules/pkg/index.js:3:1)", null],
])("the author's place in a frame: %s", (frame, place) => {
  const error = new Error("x");
  error.stack = `Error: x\n    ${frame}`;
  expect(describeThrown(error).at).toBe(place);
});
