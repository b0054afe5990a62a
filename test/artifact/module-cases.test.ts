import { copyFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type LoadedArtifact, loadArtifact, type SavedArtifact, saveArtifact } from "../../src/artifact/index.ts";
import { emptyFolder, oneTask, type Project, project, runScript } from "./project.ts";

async function saved(author: Project, entry = "flows.ts"): Promise<SavedArtifact> {
  return saveArtifact({ flows: author.path(entry), output: author.path("out/flow.prefect") });
}

async function reloaded(author: Project, entry?: string): Promise<LoadedArtifact & { run(): Promise<unknown> }> {
  const { path } = await saved(author, entry);
  const loaded = await loadArtifact(path, { applicationFolder: author.folder });
  return { ...loaded, run: async () => loaded.flows[0]?.tasks.get("only-1")?.run({}) };
}

test("a module that exports several flows: all are saved, and found by their names", async () => {
  const author = await project({
    "flows.ts": `import { flow, task } from "flow-runner";
      const step = task("step", () => 1);
      export const first = flow("first", () => step({}));
      const second = flow("second flow", () => step({}));
      export { second, second as alias };
      export default flow("third", () => step({}));
      export const notAFlow = { name: "fourth" };
      flow("not exported", () => step({}));`,
  });
  const { manifest } = await saved(author);
  expect(manifest.flows.map(({ name, slug }) => [name, slug])).toEqual([
    ["second flow", "second-flow"],
    ["third", "third"],
    ["first", "first"],
  ]);
  const { flows } = await reloaded(author);
  expect(flows.map(({ name }) => name)).toEqual(["second flow", "third", "first"]);
});

test("two flows of one name are refused", async () => {
  const author = await project({
    "flows.ts": `import { flow, task } from "flow-runner";
      const step = task("step", () => 1);
      export const one = flow("same", () => step({}));
      export const two = flow("same", () => step({}));`,
  });
  await expect(saved(author)).rejects.toMatchObject({ code: "FLOW_NAME_DUPLICATE" });
});

test("a flow in a nested module: by the module that exports it on, or by itself", async () => {
  const author = await project({
    "flows.ts": 'export { theFlow as weather } from "./team/flows/nested.ts";',
    "team/flows/nested.ts": oneTask("nested", 'return "from below";'),
  });
  const { flows, run } = await reloaded(author);
  expect(flows.map(({ name }) => name)).toEqual(["nested"]);
  expect(await run()).toBe("from below");
  expect((await saved(author, "team/flows/nested.ts")).manifest.flows).toHaveLength(1);
});

test("top-level await, of a module and of one it imports", async () => {
  const author = await project({
    "slow.ts": "export const value = await new Promise((resolve) => setImmediate(() => resolve(42)));",
    "flows.ts": oneTask("awaits", "return value + late;", 'import { value } from "./slow.ts"; const late = await 1;'),
  });
  expect(await (await reloaded(author)).run()).toBe(43);
});

test("JSON goes along by value; a package's JSON stays the package's", async () => {
  const author = await project({
    "data.json": '{"n": 1}',
    "flows.ts": oneTask(
      "json",
      "return [own.n, theirs.n];",
      'import own from "./data.json" with { type: "json" }; import theirs from "stations/data.json" with { type: "json" };',
    ),
  });
  await author.install("stations", "3.0.0", { "data.json": '{"n": 2}' });
  const { path } = await saved(author);
  const image = await emptyFolder();
  await image.install("stations", "3.0.0", { "data.json": '{"n": 200}' });
  const { flows } = await loadArtifact(path, { applicationFolder: image.folder });
  expect(await flows[0]?.tasks.get("only-1")?.run({})).toEqual([1, 200]);
});

test("a CommonJS package, by default import and by name", async () => {
  const author = await project({
    "flows.ts": oneTask("cjs", "return [all.one, two];", 'import all, { two } from "old-school";'),
  });
  await author.install("old-school", "1.0.0", {
    "package.json": '{"name":"old-school","version":"1.0.0"}',
    "index.js": "exports.one = 1; exports.two = 2;",
  });
  expect(await (await reloaded(author)).run()).toEqual([1, 2]);
});

test("a CommonJS module of the author's, with requires of packages, built-ins and its own kind", async () => {
  const author = await project({
    "flows.cjs": `const { flow, task } = require("flow-runner");
      const { join } = require("path");
      const { brackets } = require("bracket-pairs");
      const { deep } = require("./deep.cjs");
      const only = task("only", () => [join("a", "b").length, brackets, deep, typeof __dirname]);
      exports.theFlow = flow("old style", () => only({}));`,
    "deep.cjs": "exports.deep = 7;",
  });
  await author.install("bracket-pairs", "1.0.0", {
    "package.json": '{"name":"bracket-pairs","version":"1.0.0"}',
    "index.js": 'exports.brackets = "[]";',
  });
  expect(await (await reloaded(author, "flows.cjs")).run()).toEqual([3, "[]", 7, "string"]);
});

test("an author's own require() made with createRequire goes on working", async () => {
  const author = await project({
    "flows.ts": oneTask(
      "requires",
      'return [require("bracket-pairs").brackets, old.brackets];',
      `import { createRequire } from "node:module"; import old from "./old.cjs"; const require = createRequire(import.meta.url);`,
    ),
    "old.cjs": 'module.exports = require("bracket-pairs");',
  });
  await author.install("bracket-pairs", "1.0.0", {
    "package.json": '{"name":"bracket-pairs","version":"1.0.0"}',
    "index.js": 'exports.brackets = "[]";',
  });
  expect(await (await reloaded(author)).run()).toEqual(["[]", "[]"]);
});

test("a dynamic import of an own module goes along; a pattern takes all that match", async () => {
  const author = await project({
    "flows.ts": oneTask(
      "dynamic",
      'return Promise.all([import("./one.ts"), import("./parts/" + which + ".ts")]);',
      'const which: string = "two";',
    ),
    "one.ts": "export const value = 1;",
    "parts/two.ts": "export const value = 2;",
    "parts/three.ts": "export const value = 3;",
  });
  expect(await (await reloaded(author)).run()).toEqual([
    expect.objectContaining({ value: 1 }),
    expect.objectContaining({ value: 2 }),
  ]);
});

test("a dynamic import of a computed name is saved with a warning that says where", async () => {
  const author = await project({
    "flows.ts": oneTask("computed", 'const name = ["node", "os"].join(":"); return import(name);'),
  });
  const { warnings } = await saved(author);
  expect(warnings).toEqual([expect.stringMatching(/^flow:flows\.ts:3: import\(\) of a computed name/)]);
  expect(await (await reloaded(author)).run()).toHaveProperty("EOL");
});

test("a native addon is a reference like any other when it is in a package, and is refused when it is a file", async () => {
  const swc = createRequire(import.meta.url).resolve("@swc/core/package.json");
  const platform = `core-${process.platform}-${process.arch}${process.platform === "linux" ? "-gnu" : ""}`;
  const addon = join(dirname(swc), `../${platform}/swc.${platform.slice("core-".length)}.node`);
  const author = await project({
    "flows.ts": oneTask("native", "return typeof native.parse;", 'import native from "native-package";'),
    "refused.ts": oneTask("native", "return native;", 'import native from "./addon.node";'),
  });
  await author.install("native-package", "1.2.3", {
    "package.json": '{"name":"native-package","version":"1.2.3","main":"index.js"}',
    "index.js": 'module.exports = require("./build/addon.node");',
    "build/.keep": "",
  });
  await copyFile(addon, author.path("node_modules/native-package/build/addon.node"));
  await copyFile(addon, author.path("addon.node"));

  const loaded = await reloaded(author);
  expect(loaded.manifest.packages).toEqual({ "native-package": "1.2.3" });
  expect(await loaded.run()).toBe("function");

  await expect(saved(author, "refused.ts")).rejects.toThrow(/addon\.node is a native addon: .* Put it into a package/);
});

test("import.meta.main is false wherever the flow is loaded", async () => {
  const author = await project({
    "flows.ts": oneTask("main", "return 1;", 'if (import.meta.main) throw new Error("started by hand");'),
  });
  expect(await (await reloaded(author)).run()).toBe(1);
});

test("import.meta.url is the saved file's, and saving says where it is used", async () => {
  const author = await project({
    "lib/here.ts":
      'const text = "import.meta.url";\n// import.meta.dirname\nexport const here = [import.meta.url, import.meta.filename, text];',
    "flows.ts": oneTask("where", "return here;", 'import { here } from "./lib/here.ts";'),
  });
  const { warnings, path } = await saved(author);
  expect(warnings.map((warning) => warning.slice(0, 42))).toEqual([
    "flow:lib/here.ts:3: import.meta.url means ",
    "flow:lib/here.ts:3: import.meta.filename m",
  ]);
  const [url, filename, text] = (await (await reloaded(author)).run()) as [string, string, string];
  expect(new URL(url).pathname).toBe(new URL(`file://${path}`).pathname);
  expect(filename).toBe(path);
  expect(text).toBe("import.meta.url");
});

test("a workspace's own package, linked into node_modules, is the author's code and goes along", async () => {
  const author = await project({
    "packages/shared/package.json":
      '{"name":"@team/shared","version":"0.0.0","type":"module","exports":"./src/index.ts"}',
    "packages/shared/src/index.ts": 'export enum Size { small = "S" }',
    "flows.ts": oneTask("workspace", "return Size.small;", 'import { Size } from "@team/shared";'),
    "node_modules/@team/.keep": "",
  });
  await symlink(author.path("packages/shared"), author.path("node_modules/@team/shared"), "junction");
  const { path, manifest } = await saved(author);
  expect(manifest.packages).toEqual({});
  const { flows } = await loadArtifact(path, { applicationFolder: (await emptyFolder()).folder });
  expect(await flows[0]?.tasks.get("only-1")?.run({})).toBe("S");
});

test("an alias that leads into a package is refused: no image would know it", async () => {
  const author = await project({
    "package.json": '{"name":"aliases","type":"module","imports":{"#rounding":"round-numbers"}}',
    "flows.ts": oneTask("alias", "return round(1.5);", 'import { round } from "#rounding";'),
  });
  await author.install("round-numbers", "1.0.0");
  await expect(saved(author)).rejects.toThrow(/"#rounding" leads to .*round-numbers.* import the package itself/);
});

test("error classes and functions keep their names when two modules use the same one", async () => {
  const author = await project({
    "a.ts": "export class HttpError extends Error {}",
    "b.ts": "class HttpError extends Error {}\nexport { HttpError as Other };",
    "flows.ts": oneTask(
      "names",
      "return [HttpError.name, Other.name];",
      'import { HttpError } from "./a.ts"; import { Other } from "./b.ts";',
    ),
  });
  expect(await (await reloaded(author)).run()).toEqual(["HttpError", "HttpError"]);
});

test("a syntax error is told with file and line", async () => {
  const author = await project({
    "flows.ts": 'import "./broken.ts";',
    "broken.ts": "export const ok = 1;\nconst = 2;",
  });
  await expect(saved(author)).rejects.toMatchObject({
    code: "SOURCE_NOT_BUNDLED",
    message: expect.stringMatching(/broken\.ts:2: /),
  });
});

test("a module that throws while it is loaded is told with what it threw and where", async () => {
  const author = await project({ "lib.ts": '\nthrow new RangeError("too early");', "flows.ts": 'import "./lib.ts";' });
  const { stdout } = await runScript(
    author.folder,
    'await artifact.saveArtifact({ flows: "flows.ts" }).catch((error) => console.log(error.code, error.message));',
  );
  expect(stdout).toMatch(/^ARTIFACT_MODULE_THREW .*its module threw RangeError: too early \(flow:lib\.ts:2\)/);
});

test("a part of flow-runner that does not exist is named", async () => {
  const author = await project({ "flows.ts": 'import "flow-runner/no-such-part";' });
  await expect(saved(author)).rejects.toThrow(/subpath '\.\/no-such-part' is not defined by "exports"/);
});

test("a module without flows says what it exports instead", async () => {
  const author = await project({ "flows.ts": "export const weather = 1; export const other = 2;" });
  await expect(saved(author)).rejects.toThrow(/exports no flow \(it exports other, weather\)/);
});

test("a flow that is built otherwise elsewhere is refused when it is loaded", async () => {
  const author = await project({
    "flows.ts": `import { flow, task } from "flow-runner";
      const step = task("step", () => 1);
      export const theFlow = flow("moody", () => { for (let n = 0; n <= (globalThis.mood ?? 0); n++) step({}); });`,
  });
  const { path } = await saved(author);
  Object.assign(globalThis, { mood: 2 });
  try {
    await expect(loadArtifact(path)).rejects.toMatchObject({
      code: "ARTIFACT_FLOW_CHANGED",
      message: expect.stringMatching(/has 3 tasks in place of 1/),
    });
  } finally {
    Reflect.deleteProperty(globalThis, "mood");
  }
});

test("what the bundler warns of is passed on, with its place", async () => {
  const author = await project({
    "lib.ts": "export const there = 1;",
    "flows.ts": oneTask("warned", "return lib.notThere;", 'import * as lib from "./lib.ts";'),
  });
  expect((await saved(author)).warnings).toEqual([expect.stringMatching(/^flows\.ts:3: .*"notThere"/)]);
});

test("a package of tasks gets the same flow-runner as the flow that uses them", async () => {
  const author = await project({
    "flows.ts": `import { flow } from "flow-runner";
      import { only } from "task-library";
      export const theFlow = flow("with a library", () => only({}));`,
  });
  await author.install("task-library", "1.0.0", {
    "index.js": 'import { task } from "flow-runner"; export const only = task("only", () => "from the library");',
  });
  expect(await (await reloaded(author)).run()).toBe("from the library");
});

test("a flow that a package's function makes is saved by the module that exports it, and again once it is loaded", async () => {
  const author = await project({
    "flows.ts": 'import { make } from "flow-maker"; export const made = make("made to measure");',
  });
  await author.install("flow-maker", "1.0.0", {
    "index.js": `import { flow, task } from "flow-runner";
      const only = task("only", () => 1);
      export const make = (name) => flow(name, () => only({}));`,
  });
  const [flow] = (await reloaded(author)).flows;
  if (flow === undefined) throw new Error("nothing was loaded");
  const again = await saveArtifact({ flows: flow, output: author.path("again.prefect") });
  expect(again.manifest.flows.map(({ name }) => name)).toEqual(["made to measure"]);
});
