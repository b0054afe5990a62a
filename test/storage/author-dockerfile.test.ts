import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { authorDockerfile } from "../../src/storage/plan/author-dockerfile.ts";

let folder: string;

const context = async (): Promise<string[]> =>
  (await authorDockerfile(join(folder, "flows.Dockerfile"))).files.map(({ path }) => path);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "author-dockerfile-"));
  await mkdir(join(folder, "node_modules/pg"), { recursive: true });
  for (const name of ["flows.Dockerfile", "Dockerfile", "kept.csv", "secret.env", "node_modules/pg/index.js"])
    await writeFile(join(folder, name), "FROM node:26\n");
});
afterEach(() => rm(folder, { recursive: true }));

test("a Dockerfile of the author's is built under its own name, beside one that is called Dockerfile", async () => {
  expect((await authorDockerfile(join(folder, "flows.Dockerfile"))).name).toBe("flows.Dockerfile");
  expect(await context()).toEqual(["Dockerfile", "flows.Dockerfile", "kept.csv", "secret.env"]);
});

test("its context is what .dockerignore lets through, and itself", async () => {
  await writeFile(join(folder, ".dockerignore"), "*Dockerfile\n*.env\n");
  expect(await context()).toEqual([".dockerignore", "kept.csv", "flows.Dockerfile", "node_modules/pg/index.js"].sort());
});

test("a link that leads nowhere is no part of it", async () => {
  await symlink("nowhere", join(folder, "link"));
  expect(await context()).not.toContain("link");
});

test("one that is not there is said with the option", async () => {
  await expect(authorDockerfile(join(folder, "none"))).rejects.toThrow(/none.*dockerfile/);
});
