import { describe, expect, test } from "vitest";
import { warned } from "./warned.ts";

const read = (path: string, before = "") => `import fs, { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path, { join } from "node:path";
import { fileURLToPath } from "node:url";
${before}
export const read = () => readFile(${path});
export const others = [fs, readFileSync, path, join, fileURLToPath];`;

describe("the gotcha missing-file", () => {
  test.each([
    ["an absolute path", '"/data/x.csv"', "/data/x.csv"],
    ["a relative path", '"data/x.csv"', "./data/x.csv"],
    ["a joined path", 'join("/data", "x.csv")', "/data/x.csv"],
    ["a path joined by the module", 'path.resolve("/data", "..", "x.csv")', "/x.csv"],
    ["a template of constants", "`$" + "{folder}/x.csv`", "/srv/x.csv", 'const folder = "/srv";'],
    ["a sum", 'folder + "/x.csv"', "/srv/x.csv", 'const folder = "/srv";'],
    ["what lies beside the module", 'new URL("./x.csv", import.meta.url)', "~/x.csv"],
    ["the same as a path", 'fileURLToPath(new URL("./x.csv", import.meta.url))', null],
  ])("warns of %s that is not there, and not of one that is", async (_, path, file, before = "") => {
    const source = read(path, before);
    // A path in the temporary folder is left alone, and that is where the project of this test lies.
    if (file === null) return expect(await warned(source)).toEqual([]);
    expect(await warned(source)).toEqual([`missing-file at 6: reads ${file}, which is not here`]);
    const there = file.replace(/^~\//, "").replace(/^\.\//, `${process.cwd()}/`);
    expect(await warned(source, { files: [there] })).toEqual([]);
  });

  test.each([
    ["readFileSync", 'readFileSync("/data/x")'],
    ["fs.createReadStream", 'fs.createReadStream("/data/x")'],
    ["fs.promises.readdir", 'fs.promises.readdir("/data/x")'],
    ["fs.copyFileSync", 'fs.copyFileSync("/data/x", "/tmp/y")'],
    ["open for reading", 'fs.promises.open("/data/x", "r")'],
  ])("knows %s", async (_, call) => {
    const source = read('"/tmp/x"').replace(
      "export const others",
      `export const other = () => ${call};\nexport const others`,
    );
    expect(await warned(source)).toEqual(["missing-file at 7: reads /data/x, which is not here"]);
  });

  test.each([
    ["a path that is computed", "process.argv[2]!"],
    ["a parameter", "name", "export const f = (name: string) => readFile(name); const name = String(Math.random());"],
    ["the temporary folder", '"/tmp/x.csv"'],
    ["mounted secrets", '"/run/secrets/token"'],
    ["what the flow writes itself", '"out/report.md"', 'fs.writeFileSync("out/report.md", "");'],
    ["what lies in a folder that it makes", '"out/report.md"', 'fs.mkdirSync("out", { recursive: true });'],
    ["what it asks for first", '"x.json"', 'if (fs.existsSync("x.json")) console.log("there");'],
    ["a failure that is caught", '"/tmp/x"', 'try { readFileSync("x.json"); } catch { console.log("none"); }'],
    ["a rejection that is caught", '"/tmp/x"', 'readFile("x.json").catch(() => null);'],
    ["opening to write", '"/tmp/x"', 'void fs.promises.open("log.txt", "a");'],
    [
      "a function of that name of the author's own",
      '"/tmp/x"',
      "const load = { readFile: (_: string) => 1 }; load.readFile('x');",
    ],
  ])("does not warn of %s", async (_, path, before = "") => {
    expect(await warned(read(path, before))).toEqual([]);
  });
});
