import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const typeTests = join(import.meta.dirname, "author.test-d.ts");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flow-runner-types-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** `tsc` over the type tests alone; with what it says about them. */
async function compile(): Promise<string[]> {
  const config = join(folder, "tsconfig.json");
  await writeFile(
    config,
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: { typeRoots: [join(root, "node_modules/@types")] },
      include: [],
      files: [typeTests],
    }),
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const run = promisify(execFile)(process.execPath, [tsc, "--noEmit", "--pretty", "false", "-p", config], {
    cwd: root,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return stdout.split("\n").filter((line) => line.includes("author.test-d.ts"));
}

it("accepts and refuses at compile time what author.test-d.ts says", async () => {
  expect(await compile()).toEqual([]);
});
