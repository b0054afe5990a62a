import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Manifest } from "../../src/artifact/index.ts";
import { findAuthorProject } from "../../src/storage/dependencies/author-project.ts";
import { planInstallation } from "../../src/storage/dependencies/plan-installation.ts";
import { parseDependency } from "../../src/storage/dependencies/wanted-packages.ts";
import type { ImageArtifact } from "../../src/storage/plan/place-artifacts.ts";

let folder: string;
const write = (path: string, content: unknown): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
};

/** A saved flow that imports these packages. */
function importing(packages: Record<string, string>, name = "weather"): ImageArtifact {
  const references = Object.keys(packages).map((specifier) => ({
    specifier,
    kind: "import",
    importedBy: [],
    optional: false,
  }));
  const manifest = { flows: [{ name }], packages, references } as unknown as Manifest;
  return { path: `/${name}.prefect`, manifest, sourceFolder: join(folder, "src") };
}

async function planned(artifacts: readonly ImageArtifact[], dependencies: readonly string[] = []) {
  const { installation } = await planInstallation(artifacts, dependencies, folder);
  const files = new Map((installation?.files ?? []).map(({ path, content }) => [path, content.toString()]));
  return { files, manifest: JSON.parse(files.get("package.json") ?? "{}"), commands: installation?.commands ?? [] };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dependencies-"));
  mkdirSync(join(folder, "src"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the packages of an image", () => {
  test("are those that the flows import, at the versions they were saved with, by the author's lockfile", async () => {
    write("package-lock.json", '{"lockfileVersion":3}');
    write("package.json", { dependencies: { pg: "^8.0.0", express: "5.0.0" }, allowScripts: { pg: true } });
    const { manifest, files, commands } = await planned([importing({ pg: "8.11.0" })]);
    expect(manifest).toMatchObject({ dependencies: { pg: "8.11.0" }, allowScripts: { pg: true } });
    expect(files.get("package-lock.json")).toBe('{"lockfileVersion":3}');
    expect(commands[0]).toMatch(/^npm install /);
  });

  test("are none where the flows import none", async () => {
    expect((await planInstallation([importing({})], [], folder)).installation).toBeNull();
  });

  test("are refused where two flows need different versions of one", async () => {
    const two = [importing({ pg: "8.11.0" }, "a"), importing({ pg: "8.12.0" }, "b")];
    await expect(planned(two)).rejects.toThrow(/"pg" in several versions: 8.11.0 \(flow "a"\), 8.12.0 \(flow "b"\)/);
  });

  test("take in what dependencies adds, at the project's version where none is said", async () => {
    write("node_modules/left-pad/package.json", { name: "left-pad", version: "1.3.0" });
    const { manifest } = await planned(
      [importing({ pg: "8.11.0" })],
      ["left-pad", "lodash@^4", "@scope/new", "pg@8.12.0"],
    );
    expect(manifest.dependencies).toEqual({ "@scope/new": "latest", "left-pad": "1.3.0", lodash: "^4", pg: "8.12.0" });
  });

  test("take in a workspace's package with those beside it that it needs", async () => {
    write("package-lock.json", "{}");
    write("packages/drawing/package.json", { name: "drawing", dependencies: { colours: "workspace:*", pg: "^8.0.0" } });
    write("packages/drawing/index.js", "export const draw = 1;");
    write("packages/drawing/node_modules/pg/package.json", { name: "pg", version: "8.0.0" });
    write("packages/colours/package.json", { name: "colours", version: "1.0.0" });
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["drawing", "colours"])
      symlinkSync(join(folder, "packages", name), join(folder, "node_modules", name));
    const { manifest, files } = await planned([importing({})], ["drawing"]);
    expect(manifest.dependencies).toEqual({ colours: "file:./local/colours", drawing: "file:./local/drawing" });
    expect([...files.keys()].sort()).toEqual([
      "local/colours/package.json",
      "local/drawing/index.js",
      "local/drawing/package.json",
      "package-lock.json",
      "package.json",
    ]);
    const own = JSON.parse(files.get("local/drawing/package.json") ?? "");
    expect(own.dependencies).toEqual({ pg: "8.0.0" });
  });

  test("take in a tarball that the project has by file:", async () => {
    write("package-lock.json", "{}");
    write("package.json", { dependencies: { drawing: "file:vendor/drawing-1.0.0.tgz" } });
    write("vendor/drawing-1.0.0.tgz", "packed");
    const { manifest, files } = await planned([importing({ drawing: "1.0.0" })]);
    expect(manifest.dependencies).toEqual({ drawing: "file:./local/drawing-1.0.0.tgz" });
    expect(files.has("local/drawing-1.0.0.tgz")).toBe(true);
  });

  test("that are not there are said with the option", async () => {
    await expect(planned([importing({})], ["file:./nowhere"])).rejects.toThrow(/nowhere, which `dependencies`/);
  });

  test("come from where package.json of the flow's own workspace says, also under another name", async () => {
    write("package-lock.json", "{}");
    write("package.json", { dependencies: { forked: "1.0.0" } });
    write("src/package.json", {
      dependencies: {
        forked: "git+https://example.org/forked.git#v1",
        painted: "npm:has-flag@^4",
        drawing: "file:../drawing",
      },
    });
    write("drawing/package.json", {
      name: "drawing",
      dependencies: { pg: "catalog:" },
      scripts: { prepare: "x", install: "y" },
    });
    write("drawing/node_modules/pg/package.json", { name: "pg", version: "8.0.0" });
    const { manifest, files } = await planned([importing({ forked: "1.0.0", painted: "4.0.0", drawing: "1.0.0" })]);
    expect(manifest.dependencies).toEqual({
      drawing: "file:./local/drawing",
      forked: "git+https://example.org/forked.git#v1",
      painted: "npm:has-flag@4.0.0",
    });
    const own = JSON.parse(files.get("local/drawing/package.json") ?? "");
    expect(own).toMatchObject({ dependencies: { pg: "8.0.0" }, scripts: { install: "y" } });
    expect(own.scripts).not.toHaveProperty("prepare");
  });

  test("are overridden as the project says, in words that npm takes", async () => {
    write("package-lock.json", "{}");
    const overrides = { pg: "^8.0.0", ms: "$ms", deep: { pg: "7.0.0" } };
    write("package.json", { dependencies: { pg: "^8.0.0", ms: "^2.0.0" }, overrides });
    const { manifest } = await planned([importing({ pg: "8.11.0" })]);
    expect(manifest.overrides).toEqual({ pg: "8.11.0", ms: "^2.0.0", deep: { pg: "7.0.0" } });
  });

  test("bring patches and yarn's settings along, and no key to a registry", async () => {
    write("yarn.lock", "__metadata:\n  version: 8\n");
    write(".yarnrc.yml", "npmRegistryServer: https://npm.example.org\nnpmAuthToken: s3cret\n");
    write(".yarn/patches/pg.patch", "diff");
    const { files } = await planned([importing({ pg: "8.11.0" })]);
    expect(files.get(".yarnrc.yml")).toContain("npmRegistryServer: https://npm.example.org");
    expect(files.has(".yarn/patches/pg.patch")).toBe(true);
    expect([...files.values()].join("\n")).not.toContain("s3cret");
  });

  test("bring the registry's settings along, and no key to it", async () => {
    write("package-lock.json", "{}");
    write(".npmrc", "registry=https://npm.example.org/\n//npm.example.org/:_authToken=s3cret\n");
    const { files } = await planned([importing({ pg: "8.11.0" })]);
    expect(files.get(".npmrc")).toContain("registry=https://npm.example.org/");
    expect([...files.values()].join("\n")).not.toContain("s3cret");
  });
});

describe("the author's package manager", () => {
  test.each([
    ["pnpm-lock.yaml", "lockfileVersion: '9.0'\n", "pnpm", /^npx --yes pnpm@10 install --prod/],
    ["pnpm-lock.yaml", "lockfileVersion: '6.0'\n", "pnpm", /^npx --yes pnpm@8 /],
    ["yarn.lock", "# yarn lockfile v1\n", "yarn", /^npx --yes yarn@1.22.22 install --production/],
    ["yarn.lock", "__metadata:\n  version: 8\n", "yarn-berry", /npx --yes --package @yarnpkg\/cli-dist@4 yarn install/],
    ["package-lock.json", "{}", "npm", /^npm install /],
  ])("is known by %s (%j)", async (name, text, manager, command) => {
    write(name, text);
    expect((await findAuthorProject(join(folder, "src")))?.manager).toBe(manager);
    expect((await planned([importing({ pg: "8.11.0" })])).commands[0]).toMatch(command);
  });

  test("is used at the version that installed the packages here, where package.json names none", async () => {
    write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n");
    write("package.json", { packageManager: "yarn@4.0.0" });
    write("node_modules/.modules.yaml", '{\n  "packageManager": "pnpm@9.15.0"\n}');
    expect((await planned([importing({ pg: "8.11.0" })])).commands[0]).toMatch(/^npx --yes pnpm@9.15.0 /);
  });

  test("is used at the version that package.json names", async () => {
    write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n");
    write("package.json", { packageManager: "pnpm@9.15.0+sha512.ab" });
    expect((await planned([importing({ pg: "8.11.0" })])).commands[0]).toMatch(/^npx --yes pnpm@9.15.0 /);
  });
});

describe("a dependency", () => {
  test.each([
    ["pg", { name: "pg", version: null }],
    ["pg@8.11.0", { name: "pg", version: "8.11.0" }],
    ["@scope/name", { name: "@scope/name", version: null }],
    ["@scope/name@^2", { name: "@scope/name", version: "^2" }],
    ["./drawing", { path: "./drawing" }],
    ["file:../drawing.tgz", { path: "../drawing.tgz" }],
    ["/srv/drawing", { path: "/srv/drawing" }],
    ["vendor/drawing.tgz", { path: "vendor/drawing.tgz" }],
  ])("%s is read", (text, parsed) => {
    expect(parseDependency(text)).toEqual(parsed);
  });
});
