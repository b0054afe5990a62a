import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { slowFiles } from "../slow-files-first.ts";

test("the test files that start first are there", () => {
  const root = join(import.meta.dirname, "../..");
  expect(slowFiles.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
