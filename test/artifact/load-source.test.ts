import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { loadSource, saveArtifact } from "../../src/artifact/index.ts";
import { oneTask, type Project, project, runScript } from "./project.ts";

async function run(author: Project, entry = "flows.ts"): Promise<unknown> {
  const { flows } = await loadSource(author.path(entry));
  return flows[0]?.tasks.get("only-1")?.run({});
}

test("a TypeScript source outside the package gets the runner's own copy, though none is installed there", async () => {
  const author = await project({ "flows.ts": oneTask("plain", "return 5 as number;") });
  const { flows } = await loadSource(author.path("flows.ts"));
  expect(flows.map(({ name }) => name)).toEqual(["plain"]);
  expect(flows[0]?.definedIn).toBe(author.path("flows.ts"));
  expect(await run(author)).toBe(5);
});

test("another copy of flow-runner in the author's node_modules is not what the flow gets", async () => {
  const author = await project({ "flows.ts": oneTask("own copy") });
  await author.install("flow-runner", "9.9.9", { "index.js": 'throw new Error("the wrong copy");' });
  expect(await run(author)).toBe(1);
});

test.each<[string, Record<string, string>]>([
  ["an enum", { "flows.ts": oneTask("enum", "return Kind.One;", "enum Kind { One = 1 }") }],
  ["an import without extension", { "flows.ts": oneTask("x", "return value;", 'import { value } from "./lib";') }],
  ["an import of .js that is .ts", { "flows.ts": oneTask("x", "return value;", 'import { value } from "./lib.js";') }],
  [
    "paths of tsconfig.json",
    {
      "tsconfig.json": '{"compilerOptions":{"paths":{"@/*":["./*"]}}}',
      "flows.ts": oneTask("x", "return value;", 'import { value } from "@/lib";'),
    },
  ],
  [
    "a type imported without type",
    { "flows.ts": oneTask("x", "const it: Value = value; return it;", 'import { Value, value } from "./lib.ts";') },
  ],
  ["JSON without attributes", { "flows.ts": oneTask("x", "return data.n;", 'import data from "./data.json";') }],
])("%s: what Node alone cannot load is bundled first", async (_, files) => {
  const author = await project({
    "lib.ts": "export type Value = number; export const value: Value = 1;",
    "data.json": '{"n":1}',
    ...files,
  });
  expect(await run(author)).toBe(1);
  const { flows } = await loadSource(author.path("flows.ts"));
  expect(flows[0]?.definedIn).toBe(author.path("flows.ts"));
});

test("a bundled source keeps its place: import.meta.url, stack traces and packages", async () => {
  const author = await project({
    "src/flows.ts": oneTask(
      "x",
      "return [import.meta.url, version, Kind.One, new Error('here').stack];",
      'import { version } from "some-package"; enum Kind { One = 1 }',
    ),
  });
  await author.install("some-package", "1.5.0");
  const { stdout } = await runScript(
    author.folder,
    `const { flows } = await artifact.loadSource("src/flows.ts");
     console.log(JSON.stringify(await flows[0].tasks.get("only-1").run({})));`,
  );
  const [url, version, kind, stack] = JSON.parse(stdout);
  expect(new URL(url).pathname).toMatch(/\/src\/flows\.ts$/);
  expect([version, kind]).toEqual(["1.5.0", 1]);
  expect(stack).toContain(`${author.path("src/flows.ts")}:3:`);
});

test("a source's own error is told with what it threw and where; one that is not there, too", async () => {
  const author = await project({ "throws.ts": '\nthrow "a string";', "error.ts": '\nthrow new TypeError("bad");' });
  await expect(loadSource(author.path("throws.ts"))).rejects.toMatchObject({
    code: "SOURCE_THREW",
    message: expect.stringContaining("'a string'"),
  });
  await expect(loadSource(author.path("error.ts"))).rejects.toThrow(/TypeError: bad/);
  await expect(loadSource(author.path("none.ts"))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND", exitCode: 3 });
});

test("a package that is missing is named, with the file that imports it", async () => {
  const author = await project({ "flows.ts": oneTask("x", "return it;", 'import { it } from "gone-package";') });
  await expect(loadSource(author.path("flows.ts"))).rejects.toThrow(/flows\.ts:2: "gone-package" is not installed/);
});

test("without esbuild a source is run as it is, and only saving is refused, saying what to install", async () => {
  const author = await project({
    "flows.ts": oneTask("plain"),
    "enum.ts": oneTask("enum", "return 1;", "enum Kind { One }"),
    "no-esbuild.mjs": `import { registerHooks } from "node:module";
      registerHooks({ resolve(specifier, context, next) {
        if (specifier !== "esbuild") return next(specifier, context);
        throw Object.assign(new Error("Cannot find package 'esbuild'"), { code: "ERR_MODULE_NOT_FOUND" });
      } });`,
  });
  const { stdout } = await runScript(
    author.folder,
    `const { flows } = await artifact.loadSource("flows.ts");
     const told = (act) => act.then(() => "done", (error) => error.code + ": " + error.message);
     console.log(flows[0].name);
     console.log(await told(artifact.saveArtifact({ flows: "flows.ts", output: "out.prefect" })));
     console.log(await told(artifact.loadSource("enum.ts")));`,
    "--import=./no-esbuild.mjs",
  );
  const [name, save, load] = stdout.split("\n");
  expect(name).toBe("plain");
  expect(save).toMatch(/^BUNDLER_MISSING: .*npm install esbuild/);
  expect(load).toMatch(/^SOURCE_THREW: .*enum/i);
});

test("a flow that was loaded from a source can be saved", async () => {
  const author = await project({
    "flows.ts": oneTask("both ways"),
    "enum.ts": oneTask("e", "return K.a;", "enum K {a}"),
  });
  for (const entry of ["flows.ts", "enum.ts"]) {
    const [flow] = (await loadSource(author.path(entry))).flows;
    if (flow === undefined) throw new Error("nothing was loaded");
    const { manifest } = await saveArtifact({ flows: flow, output: author.path("out.prefect") });
    expect(manifest.flows[0]?.name).toBe(flow.name);
  }
});

test("a flow is saved by its export: one that its module keeps to itself is refused", async () => {
  const author = await project({
    "make.ts": `import { flow, task } from "flow-runner";
      const step = task("step", () => 1);
      export const make = (name: string) => flow(name, () => step({}));
      export const here = make("here");`,
    "flows.ts": 'import { make } from "./make.ts"; export const made = make("made elsewhere");',
  });
  const [made] = (await loadSource(author.path("flows.ts"))).flows;
  if (made === undefined) throw new Error("nothing was loaded");
  await expect(saveArtifact({ flows: made })).rejects.toMatchObject({
    code: "FLOW_NOT_EXPORTED",
    message: expect.stringMatching(
      /make\.ts.*does not export it \(it exports the flows "here"\).*flow-runner save FILE/,
    ),
  });
  const saved = await saveArtifact({ flows: author.path("flows.ts"), output: author.path("out.prefect") });
  expect(saved.manifest.flows.map(({ name }) => name)).toEqual(["made elsewhere"]);
});

test("a project inside a folder with a space, an umlaut and a percent sign, reached by a link", async () => {
  const author = await project({ "a folder/ü 100%/flows.ts": oneTask("spaces", "return K.a;", "enum K { a = 1 }") });
  await mkdir(author.path("links"));
  const link = author.path("links", "here");
  await symlink(author.path("a folder/ü 100%"), link, "junction");
  expect(await run(author, "a folder/ü 100%/flows.ts")).toBe(1);
  const { path } = await saveArtifact({
    flows: join(link, "flows.ts"),
    output: author.path("a folder/ü 100%/out %41.prefect"),
  });
  expect(dirname(path)).toBe(author.path("a folder/ü 100%"));
});
