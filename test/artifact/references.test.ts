import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { loadArtifact, loadSource, saveArtifact } from "../../src/artifact/index.ts";
import { emptyFolder, oneTask, type Project, project } from "./project.ts";

async function savedIn(author: Project, source: string): Promise<string> {
  await author.write({ "src/flows.ts": source });
  return (await saveArtifact({ flows: author.path("src/flows.ts"), output: author.path("out/flow.prefect") })).path;
}

test("a missing package stops the load before anything runs: name, version, who imports it, what to do", async () => {
  const author = await project({ "src/lib/deep.ts": 'export { version } from "@acme/tools/extra.js";' });
  await author.install("@acme/tools", "4.5.6", { "extra.js": 'export const version = "4.5.6";' });
  await author.install("plain", "1.0.0", { "index.js": "globalThis.plainRan = true;" });
  const path = await savedIn(
    author,
    oneTask(
      "a",
      "return version;",
      'import "plain"; import { version } from "./lib/deep.ts"; globalThis.ranEarly = true;',
    ),
  );
  await rm(author.path("node_modules/@acme"), { recursive: true });
  Reflect.deleteProperty(globalThis, "ranEarly");
  Reflect.deleteProperty(globalThis, "plainRan");

  const load = loadArtifact(path, { applicationFolder: author.folder });

  await expect(load).rejects.toMatchObject({
    code: "ARTIFACT_REFERENCE_MISSING",
    details: {
      references: [{ specifier: "@acme/tools/extra.js", version: "4.5.6", importedBy: ["src/lib/deep.ts"] }],
      folders: [`${author.folder}/`, author.path("out/")],
    },
    message: expect.stringContaining("npm install @acme/tools@4.5.6"),
  });
  expect(globalThis).not.toHaveProperty("ranEarly");
  expect(globalThis).not.toHaveProperty("plainRan");
});

test("a dynamic import is a reference too: it is missed before the run, not within it", async () => {
  const author = await project({});
  await author.install("late", "1.0.0");
  const path = await savedIn(author, oneTask("a", 'return import("late");'));
  const [flow] = (await loadArtifact(path, { applicationFolder: author.folder })).flows;
  expect(await flow?.tasks.get("only-1")?.run({})).toMatchObject({ version: "1.0.0" });

  await rm(author.path("node_modules/late"), { recursive: true });
  await expect(loadArtifact(path, { applicationFolder: author.folder })).rejects.toMatchObject({
    code: "ARTIFACT_REFERENCE_MISSING",
  });
});

test("a part that a package does not export is missed as the package's fault", async () => {
  const author = await project({});
  await author.install("parts", "1.0.0", { "one.js": "export const one = 1;" });
  const path = await savedIn(author, oneTask("a", "return one;", 'import { one } from "parts/one.js";'));
  const other = await emptyFolder();
  await other.install("parts", "2.0.0", {
    "package.json": JSON.stringify({ name: "parts", version: "2.0.0", exports: { ".": "./index.js" } }),
  });
  await expect(loadArtifact(path, { applicationFolder: other.folder })).rejects.toThrow(
    /"parts\/one\.js" \(saved with version 1\.0\.0\).*not defined by "exports"/,
  );
});

test.each([
  ["an ES module", '"type":"module",', "export const other = 1; globalThis.ranEarly = true;"],
  ["a CommonJS module", "", "exports.other = 1; globalThis.ranEarly = true;"],
])(
  "%s of another version, without the name that is imported, is missed before anything runs",
  async (_, type, text) => {
    const author = await project({});
    await author.install("names", "1.0.0", { "index.js": "export const wanted = 1;" });
    const path = await savedIn(author, oneTask("a", "return wanted;", 'import { wanted } from "names";'));
    const image = await emptyFolder();
    await image.install("names", "2.0.0", {
      "package.json": `{"name":"names",${type}"version":"2.0.0"}`,
      "index.js": text,
    });
    await expect(loadArtifact(path, { applicationFolder: image.folder })).rejects.toMatchObject({
      code: "ARTIFACT_REFERENCE_MISSING",
      message: expect.stringMatching(/imported by src\/flows\.ts: the version 2\.0\.0 does not export "wanted"/),
    });
    if (type !== "") expect(globalThis).not.toHaveProperty("ranEarly");
    Reflect.deleteProperty(globalThis, "ranEarly");
  },
);

test("the application folder comes before the artifact's own", async () => {
  const author = await project({});
  await author.install("which", "1.0.0");
  const path = await savedIn(author, oneTask("a", "return version;", 'import { version } from "which";'));
  const image = await emptyFolder();
  await image.install("which", "1.1.0");

  const loaded = await loadArtifact(path, { applicationFolder: image.folder });

  expect(await loaded.flows[0]?.tasks.get("only-1")?.run({})).toBe("1.1.0");
  expect(loaded.packages).toEqual({ which: "1.1.0" });
  expect(loaded.warnings).toEqual(["Package which is 1.1.0 here; the flow was saved with 1.0.0."]);
});

test("packages beside the artifact are found where the application folder has none", async () => {
  const author = await project({});
  await author.install("beside", "1.0.0");
  const path = await savedIn(author, oneTask("a", "return version;", 'import { version } from "beside";'));
  const empty = await emptyFolder();
  const { flows } = await loadArtifact(path, { applicationFolder: empty.folder });
  expect(await flows[0]?.tasks.get("only-1")?.run({})).toBe("1.0.0");
});

test("import and require of one package each get the file meant for them", async () => {
  const author = await project({
    "src/old.cjs": 'module.exports = require("dual");',
  });
  await author.install("dual", "1.0.0", {
    "package.json": JSON.stringify({
      name: "dual",
      version: "1.0.0",
      exports: { import: "./i.mjs", require: "./r.cjs" },
    }),
    "i.mjs": 'export default "imported";',
    "r.cjs": 'module.exports = "required";',
  });
  const path = await savedIn(
    author,
    oneTask("a", "return [imported, required];", 'import imported from "dual"; import required from "./old.cjs";'),
  );
  const elsewhere = await emptyFolder();
  await elsewhere.install("unrelated", "1.0.0");
  const { flows } = await loadArtifact(path, { applicationFolder: elsewhere.folder });
  expect(await flows[0]?.tasks.get("only-1")?.run({})).toEqual(["imported", "required"]);
});

test("a package that is not installed is refused when saving, with file and line", async () => {
  const author = await project({});
  await expect(
    savedIn(author, oneTask("a", "return x;", 'import { x } from "no-such-package";')),
  ).rejects.toMatchObject({
    code: "SOURCE_NOT_BUNDLED",
    message: expect.stringMatching(
      /src\/flows\.ts:2: "no-such-package" is not installed\. .*npm install no-such-package/,
    ),
  });
});

test("an optional dynamic import of what is not installed is warned about, and no obstacle", async () => {
  const author = await project({
    "a.ts": oneTask("a", 'return import("not-there").catch(() => "without");'),
  });
  const saved = await saveArtifact({ flows: author.path("a.ts"), output: author.path("a.prefect") });
  expect(saved.warnings).toEqual([expect.stringMatching(/a\.ts.*"not-there".*not installed/)]);
  expect(saved.manifest.packages).toEqual({});
  const { flows } = await loadArtifact(saved.path);
  expect(await flows[0]?.tasks.get("only-1")?.run({})).toBe("without");
});

test("two versions of one package in one flow are refused, with who imports which", async () => {
  const author = await project({
    "libs/shared/util.ts": 'export { version } from "twice";',
    "libs/shared/node_modules/twice/package.json": '{"name":"twice","version":"1.0.0","type":"module"}',
    "libs/shared/node_modules/twice/index.js": 'export const version = "1.0.0";',
  });
  await author.install("twice", "2.0.0");
  const source = oneTask(
    "a",
    "return [first, second];",
    'import { version as first } from "twice"; import { version as second } from "../libs/shared/util.ts";',
  );
  await expect(savedIn(author, source)).rejects.toMatchObject({
    code: "PACKAGE_IN_TWO_VERSIONS",
    message: expect.stringMatching(/1\.0\.0 \(libs\/shared\/util\.ts\), 2\.0\.0 \(src\/flows\.ts\)/),
  });
});

test("what is imported and never used by the flow's modules is not asked of an image", async () => {
  const author = await project({
    "src/lib.ts": 'import { version } from "unused"; export const used = 1; export const other = () => version;',
  });
  await author.install("unused", "1.0.0", {
    "package.json": JSON.stringify({ name: "unused", version: "1.0.0", type: "module", exports: "./index.js" }),
  });
  await author.write({ "src/types.ts": 'import type { T } from "only-types"; export type U = T;' });
  const path = await savedIn(
    author,
    oneTask("a", "return used;", 'import type { U } from "./types.ts"; import { used } from "./lib.ts";'),
  );
  const { manifest } = await loadArtifact(path, { applicationFolder: author.folder });
  expect(Object.keys(manifest.packages)).not.toContain("only-types");
});

test("a package that only another folder of the project has installed is found when saving, and from one folder after", async () => {
  const author = await project({
    "libs/shared/util.ts": 'export { version } from "only-there"; export enum Kind { One }',
    "libs/shared/node_modules/only-there/package.json":
      '{"name":"only-there","version":"1.0.0","type":"module","exports":"./index.js"}',
    "libs/shared/node_modules/only-there/index.js": 'export const version = "1.0.0";',
  });
  const source = oneTask("a", "return version;", 'import { version } from "../libs/shared/util.ts";');
  const path = await savedIn(author, source);
  const [fromSource] = (await loadSource(author.path("src/flows.ts"))).flows;
  expect(fromSource?.tasks.get("only-1")?.run({})).toBe("1.0.0");

  const image = await emptyFolder();
  await image.install("only-there", "1.0.0");
  const { flows } = await loadArtifact(path, { applicationFolder: image.folder });
  expect(flows[0]?.tasks.get("only-1")?.run({})).toBe("1.0.0");
});
