import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const entry = pathToFileURL(join(import.meta.dirname, "../../src/index.ts")).href;
let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "flow-runner-place-")));
  await writeFile(
    join(folder, "weather.ts"),
    [
      `import { flow, task } from ${JSON.stringify(entry)};`,
      "interface Reading { max: number }",
      "const one = task('one', (): Reading => ({ max: 1 }));",
      "",
      "export const weather = flow('weather', () => one());",
    ].join("\n"),
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** Where a module's flow says that it and its task were written. */
async function places(module: string, ...flags: string[]): Promise<unknown> {
  const script = `
    const { weather } = await import(${JSON.stringify(pathToFileURL(module).href)});
    console.log(JSON.stringify([weather.definedIn, weather.definedAt, weather.graph.tasks[0].definedAt]));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--input-type=module", "-e", script]);
  return JSON.parse(stdout);
}

describe("where a flow was written", () => {
  it("is its line in a TypeScript source", async () => {
    const source = join(folder, "weather.ts");
    expect(await places(source)).toEqual([source, `${source}:5`, `${source}:3`]);
  });

  it("is the author's line for a bundle with a source map, while the module is the bundle", async () => {
    const bundle = join(folder, "out/bundle.mjs");
    await build({
      entryPoints: [join(folder, "weather.ts")],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      sourcemap: "inline",
      banner: { js: "// a line\n// and another\n" },
      external: ["file:*"],
      logLevel: "silent",
    });
    const source = join(folder, "weather.ts");
    expect(await places(bundle, "--enable-source-maps")).toEqual([bundle, `${source}:5`, `${source}:3`]);
  });

  it("is not known for code that came from no file", async () => {
    const script = `
      const { flow } = await import(${JSON.stringify(entry)});
      const { definedIn, definedAt } = flow("f", () => {});
      console.log(JSON.stringify([definedIn, definedAt]));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    expect(JSON.parse(stdout)).toEqual([null, null]);
  });
});
