import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const entry = join(import.meta.dirname, "../../src/index.ts");

/** Prints every module that importing the author's entry loads. */
const script = `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  await import(${JSON.stringify(entry)});
  console.log(JSON.stringify(loaded));
`;

it("loads no library, no engine and no API client with an author's flow", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  const loaded: string[] = JSON.parse(stdout);
  expect(loaded).toContainEqual(expect.stringMatching(/src\/run\/author\.ts$/));
  expect(loaded.filter((url) => /node_modules|src\/(engine|host|cloud|api|config|cli)\//.test(url))).toEqual([]);
});
