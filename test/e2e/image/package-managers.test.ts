import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowRunner } from "../../cli/binary.ts";
import { baseImage, describeWithDocker, docker, dockerDone, run } from "./engine.ts";

const lockfiles = join(import.meta.dirname, "lockfiles");

/**
 * Each lockfile holds ansi-styles 4.2.0 and supports-color 7.1.0, where the ranges allow 4.3.0 and 7.2.0; that of npm has
 * them in the `node_modules` of each workspace.
 */
const managers = {
  npm: { lockfile: "package-lock.json", beside: "*", root: {} },
  pnpm: { lockfile: "pnpm-lock.yaml", beside: "workspace:*", root: { packageManager: "pnpm@10.30.0" } },
  yarn: { lockfile: "yarn.lock", beside: "*", root: { packageManager: "yarn@1.22.22" } },
  "yarn-berry": { lockfile: "yarn.lock", beside: "workspace:*", root: { packageManager: "yarn@4.18.1" } },
} as const;
type Manager = keyof typeof managers;

/** Prints the version of each package that the image has under these names. */
const versions = `
  const { createRequire, findPackageJSON } = require("node:module");
  const names = ["chalk", "painted", "ansi-styles", "supports-color", "@works/tool", "@works/base"];
  const of = (name) => require(findPackageJSON(name, "file:///app/package.json"));
  console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, of(name).name + " " + of(name).version]))));
  import("@works/tool").then(({ level }) => console.log(typeof level));
`;

describeWithDocker("the packages of a workspace's flow, in an image", () => {
  let folder: string;
  let base: string;
  const images: string[] = [];

  /** A workspace as its manager leaves it: the flow's own package, and two that are linked. */
  async function workspace(manager: Manager): Promise<string> {
    const { lockfile, beside, root } = managers[manager];
    const place = join(folder, manager);
    const write = async (path: string, content: unknown): Promise<void> => {
      await mkdir(dirname(join(place, path)), { recursive: true });
      await writeFile(join(place, path), typeof content === "string" ? content : JSON.stringify(content));
    };
    const member = { version: "1.0.0", type: "module", exports: "./index.js" };
    const painted = "npm:has-flag@^4.0.0";
    await write("package.json", { name: "works", private: true, workspaces: ["packages/*"], ...root });
    await write("pnpm-workspace.yaml", "packages:\n  - packages/*\n");
    const { out: registry } = await run("npm", ["config", "get", "registry"]);
    await write(".yarnrc.yml", `nodeLinker: node-modules\nnpmRegistryServer: "${registry.replace(/\/$/, "")}"\n`);
    await write("packages/app/package.json", {
      ...{ name: "app", version: "1.0.0", type: "module" },
      dependencies: { "@works/tool": beside, chalk: "^4.0.0", painted },
    });
    await write("packages/tool/package.json", {
      ...{ ...member, name: "@works/tool", scripts: { prepare: "a-tool-of-its-developers" } },
      dependencies: { "@works/base": beside, "supports-color": "^7.0.0" },
    });
    await write("packages/base/package.json", { ...member, name: "@works/base" });
    await write("packages/base/index.js", "export const base = 1;");
    await write(
      "packages/tool/index.js",
      'import "@works/base"; import colours from "supports-color"; export const level = colours;',
    );
    for (const [name, real, version] of [
      ["chalk", "chalk", "4.1.2"],
      ["painted", "has-flag", "4.0.0"],
    ]) {
      await write(`node_modules/${name}/package.json`, { name: real, version });
      await write(`node_modules/${name}/index.js`, "module.exports = {};");
    }
    await mkdir(join(place, "node_modules/@works"));
    for (const name of ["tool", "base"])
      await symlink(join(place, "packages", name), join(place, "node_modules/@works", name));
    await cp(join(lockfiles, manager === "yarn-berry" ? "yarn-berry.lock" : lockfile), join(place, lockfile));
    await writeFlow(place, 1);
    return place;
  }

  const writeFlow = (place: string, version: number): Promise<void> =>
    writeFile(
      join(place, "packages/app/flow.ts"),
      `import { flow, task } from "flow-runner"; import chalk from "chalk"; import hasFlag from "painted";
const paint = task("paint", () => [${version}, typeof chalk, typeof hasFlag].join());
export const painting = flow("painting", () => paint());\n`,
    );

  async function build(manager: Manager, place: string, flags: readonly string[] = []): Promise<string> {
    const image = `painting-${manager}-${process.pid}`;
    const words = ["build", "flow.ts", "--image", image, "--tag", "t", "--base", base, "--local-image"];
    const { err, exitCode } = await flowRunner([...words, "--dependency", "@works/tool", ...flags], {
      env: { HOME: folder },
      cwd: join(place, "packages/app"),
    });
    expect(exitCode, err).toBe(0);
    const id = await dockerDone("image", "inspect", "--format", "{{.Id}}", `${image}:t`);
    images.push(`${image}:t`, id);
    return id;
  }

  const layers = async (image: string): Promise<string[]> =>
    JSON.parse(await dockerDone("image", "inspect", "--format", "{{json .RootFS.Layers}}", image));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-packages-"));
    base = await baseImage();
  }, 420_000);

  afterAll(async () => {
    if (images.length > 0) await docker("rmi", "--force", ...new Set(images));
    await rm(folder, { recursive: true, force: true });
  });

  test.each(Object.keys(managers) as Manager[])(
    "%s: are those of the lockfile, with the workspace's own beside them",
    async (manager) => {
      const image = await build(manager, await workspace(manager));
      const { out, err } = await docker("run", "--rm", "--network", "none", image, "node", "--eval", versions);
      const [told = "{}", level] = out.split("\n");
      expect(JSON.parse(told), err).toEqual({
        chalk: "chalk 4.1.2",
        painted: "has-flag 4.0.0",
        "ansi-styles": "ansi-styles 4.2.0",
        "supports-color": "supports-color 7.1.0",
        "@works/tool": "@works/tool 1.0.0",
        "@works/base": "@works/base 1.0.0",
      });
      expect(level).toBe("object");
    },
  );

  test("stay as they are when only the flow changes, or a variable", async () => {
    const place = join(folder, "npm");
    const first = await layers(await build("npm", place));
    await writeFlow(place, 2);
    const changed = await layers(await build("npm", place));
    expect(changed.slice(0, -2)).toEqual(first.slice(0, -2));
    expect(changed.at(-2)).not.toBe(first.at(-2));
    const withVariable = await layers(await build("npm", place, ["--env", "PLACE=here"]));
    expect(withVariable.slice(0, -2)).toEqual(first.slice(0, -2));
  });
});
