import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";

/** A little project of an author's, in a folder of its own that goes with the test. */
export class Project {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  async write(files: Readonly<Record<string, string>>): Promise<this> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(this.path(name)), { recursive: true });
      await writeFile(this.path(name), text);
    }
    return this;
  }

  /** Installs a package: one ES module that exports what `files` say, or `export const name`. */
  async install(name: string, version: string, files: Readonly<Record<string, string>> = {}): Promise<this> {
    const manifest = { name, version, type: "module", exports: { ".": "./index.js", "./*": "./*" } };
    const all = {
      "package.json": JSON.stringify(manifest),
      "index.js": `export const version = ${JSON.stringify(version)};`,
      ...files,
    };
    const entries = Object.entries(all).map(([file, text]) => [`node_modules/${name}/${file}`, text]);
    return this.write(Object.fromEntries(entries));
  }
}

export async function emptyFolder(): Promise<Project> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "flow-runner-artifact-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return new Project(folder);
}

/** A project with these files; an ES module package unless they say otherwise. */
export async function project(files: Readonly<Record<string, string>>): Promise<Project> {
  const empty = await emptyFolder();
  return empty.write({ "package.json": '{ "name": "a-project", "type": "module" }', ...files });
}

/** The project in `fixtures/weather/`, with its two packages installed. */
export async function weatherProject(): Promise<Project> {
  const copy = await emptyFolder();
  await cp(join(import.meta.dirname, "fixtures", "weather"), copy.folder, { recursive: true });
  await copy.install("round-numbers", "2.1.0", { "index.js": "export const round = (value) => Math.round(value);" });
  return copy.install("bracket-pairs", "0.3.7", {
    "package.json": JSON.stringify({ name: "bracket-pairs", version: "0.3.7", main: "index.js" }),
    "index.js": 'exports.brackets = ["[", "]"];',
  });
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script in a Node process of its own. `artifact` in it is this repository's `src/artifact/index.ts`. */
export async function runScript(cwd: string, script: string, ...nodeArguments: string[]): Promise<Ended> {
  const index = pathToFileURL(join(import.meta.dirname, "../../src/artifact/index.ts")).href;
  const text = `import * as artifact from ${JSON.stringify(index)};\n${script}`;
  const child = spawn(process.execPath, [...nodeArguments, "--input-type=module-typescript", "--eval", text], {
    // What does not end is ended, and what it has said is seen.
    ...{ cwd, timeout: 240_000, killSignal: "SIGKILL" },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    output.stdout += piece;
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    output.stderr += piece;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, ...output };
}

/** A module with one flow of one task, whose body is `body`. */
export function oneTask(name: string, body = "return 1;", before = ""): string {
  return `import { flow, task } from "flow-runner";
${before}
const only = task("only", () => { ${body} });
export const theFlow = flow(${JSON.stringify(name)}, () => only({}));
`;
}
