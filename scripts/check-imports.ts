import { globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { importRules } from "./imports/order.ts";

/**
 * Checks that imports in `src/` follow the order of the folders and that there is no cycle.
 *
 * `node scripts/check-imports.ts [FOLDER]`: FOLDER holds `src/`; default is the working folder. Exit code 1 when an
 * import is refused, or when fewer modules were read than there are files.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const folder = resolve(positionals[0] ?? ".");
const files = globSync("src/**/*.{ts,tsx}", { cwd: folder }).map((file) => file.replaceAll("\\", "/"));

const graph = await readImports();
const problems = [...unread(graph), ...violations(graph)];
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`Imports: ${files.length} modules, in order and without a cycle.`);
else {
  console.error(`Imports: ${problems.length} refused. The order is in scripts/imports/order.ts.`);
  process.exitCode = 1;
}

/**
 * dependency-cruiser strips types before it reads imports, and with them `export type … from`. So it is given a copy in
 * which these are plain re-exports; every other form it sees, `import type` and `import("…").T` too.
 */
async function readImports(): Promise<ICruiseResult> {
  const copy = await mkdtemp(join(tmpdir(), "flow-runner-imports-"));
  try {
    await mkdir(join(copy, "src"));
    for (const file of files) {
      const text = await readFile(join(folder, file), "utf8");
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await writeFile(join(copy, file), text.replaceAll(/^export type (?=[*{])/gm, "export "));
    }
    return await cruiseFolder(copy);
  } finally {
    await rm(copy, { recursive: true });
  }
}

async function cruiseFolder(baseDir: string): Promise<ICruiseResult> {
  const { output } = await cruise(
    ["src"],
    { baseDir, validate: true, ruleSet: { forbidden: importRules() }, tsPreCompilationDeps: true },
    { extensions: [".ts", ".tsx"] },
  );
  if (typeof output === "string") throw new Error("dependency-cruiser answered with a text instead of a result");
  return output;
}

/** A parser that is missing or understands no TypeScript reports "no violations" over no modules; that must not pass. */
function unread({ modules }: ICruiseResult): string[] {
  if (files.length === 0) return [`no TypeScript files in ${resolve(folder, "src")}`];
  const seen = new Set(modules.map(({ source }) => source));
  const imports = modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
  if (files.length > 1 && imports === 0) return ["no import was found in any file: is the parser (@swc/core) there?"];
  return files
    .filter((file) => !seen.has(file))
    .map((file) => `${file} was not read: is the parser (@swc/core) there?`);
}

function violations({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to, cycle }) => {
    const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(" -> ");
    return `${rule.name}: ${from} -> ${path}`;
  });
}
