import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderOrder } from "../../scripts/imports/order.ts";

const root = join(import.meta.dirname, "../..");
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "flow-runner-imports-"));
  cpSync(join(root, "src/errors"), join(copy, "src/errors"), { recursive: true });
  writeFileSync(join(copy, "package.json"), JSON.stringify({ type: "module" }));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
}

function check(folder = copy): { readonly code: number | null; readonly said: string } {
  const { status, stderr, stdout } = spawnSync(process.execPath, ["scripts/check-imports.ts", folder], {
    ...{ cwd: root, encoding: "utf8", timeout: 240_000 },
  });
  return { code: status, said: stdout + stderr };
}

describe("the import check", () => {
  test("passes over src as it is, and counts its modules", () => {
    const { code, said } = check(root);
    const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
    const modules = files.filter((file) => /\.tsx?$/.test(file)).length;
    expect(said).toBe(`Imports: ${modules} modules, in order and without a cycle.\n`);
    expect(code).toBe(0);
  });

  test("passes over the part of src that the next tests plant something into", () => {
    expect(check()).toMatchObject({ code: 0 });
  });

  test.each([
    ["a value import", 'import { x } from "../cli/planted.ts";\nexport const y = x;\n'],
    ["a type import", 'import type { X } from "../cli/planted.ts";\nexport type Y = X;\n'],
    ["an import in a type", 'export type Y = import("../cli/planted.ts").X;\n'],
    ["a dynamic import", 'export const y = () => import("../cli/planted.ts");\n'],
    ["a re-export of types", 'export type * from "../cli/planted.ts";\n'],
    ["a re-export of a type", 'export type { X } from "../cli/planted.ts";\n'],
    [
      "a re-export over several lines",
      'export type {\n  X,\n  X as Z,\n} from "../cli/planted.ts";\nexport const y = async () => {\n  await using z = { async [Symbol.asyncDispose]() {} };\n};\n',
    ],
    ["a re-export", 'export { x } from "../cli/planted.ts";\n'],
  ])("refuses %s that points down", (_, text) => {
    plant("src/cli/planted.ts", "export const x = 1;\nexport type X = 1;\n");
    plant("src/errors/planted.ts", text);
    const { code, said } = check();
    expect(said).toContain("errors-points-up: src/errors/planted.ts -> src/cli/planted.ts");
    expect(code).toBe(1);
  });

  test("refuses a folder that imports src/index.ts", () => {
    plant("src/run/planted.ts", 'export type * from "../index.ts";\n');
    plant("src/index.ts", "export const x = 1;\n");
    expect(check()).toMatchObject({ code: 1, said: expect.stringContaining("run-points-up: src/run/planted.ts") });
  });

  test.each([
    ["values", 'import { a } from "./planted-a.ts";\nexport const b = () => a;\n'],
    ["type re-exports", 'export type { A } from "./planted-a.ts";\nexport const b = 1;\n'],
    ["types", 'import type { A } from "./planted-a.ts";\nexport type B = A;\nexport const b = 1;\n'],
  ])("refuses a cycle of %s inside one folder", (_, text) => {
    plant(
      "src/errors/planted-a.ts",
      'import { b } from "./planted-b.ts";\nexport type A = 1;\nexport const a = () => b;\n',
    );
    plant("src/errors/planted-b.ts", text);
    const { code, said } = check();
    expect(said).toContain("no-cycle");
    expect(said).toContain("src/errors/planted-b.ts");
    expect(code).toBe(1);
  });

  test("refuses a folder that has no place in the order, and an import of a test", () => {
    plant("src/utils/planted.ts", "export const x = 1;\n");
    plant("src/cli/planted.ts", 'export * from "../utils/planted.ts";\nexport * from "../../test/planted.ts";\n');
    const { code, said } = check();
    expect(said).toContain("only-listed-folders: src/cli/planted.ts -> src/utils/planted.ts");
    expect(said).toContain("product-stands-alone: src/cli/planted.ts -> ../../test/planted.ts");
    expect(code).toBe(1);
  });

  test("does not pass when it has read nothing", () => {
    rmSync(join(copy, "src"), { recursive: true });
    mkdirSync(join(copy, "src"));
    const { code, said } = check();
    expect(said).toContain("no TypeScript files");
    expect(code).toBe(1);
  });
});

test("every folder of src has its place in the order", () => {
  const folders = readdirSync(join(root, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.filter((folder) => !folderOrder.includes(folder))).toEqual([]);
});
