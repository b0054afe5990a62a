import { globSync } from "node:fs";
import { resolve } from "node:path";
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
const files = globSync("src/**/*.ts", { cwd: folder }).map((file) => file.replaceAll("\\", "/"));

const graph = await read("swc");
const problems = [...unread(graph), ...violations(graph), ...hidden(graph, await read("acorn"))];
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`Imports: ${files.length} modules, in order and without a cycle.`);
else {
  console.error(`Imports: ${problems.length} refused. The order is in scripts/imports/order.ts.`);
  process.exitCode = 1;
}

/**
 * `swc` sees every import and re-export, those of types too, but no `import("…").T`; `acorn`, over stripped types, sees
 * that but no `export type … from`.
 */
async function read(parser: "swc" | "acorn"): Promise<ICruiseResult> {
  const { output } = await cruise(
    ["src"],
    {
      baseDir: folder,
      parser,
      validate: true,
      ruleSet: { forbidden: importRules() },
      tsPreCompilationDeps: true,
      doNotFollow: { path: "node_modules" },
    },
    { extensions: [".ts", ".js", ".json"], conditionNames: ["import", "node", "default"], exportsFields: ["exports"] },
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

/** Imports that the checked graph lacks. */
function hidden(checked: ICruiseResult, other: ICruiseResult): string[] {
  const known = new Set(edges(checked));
  return edges(other)
    .filter((edge) => !known.has(edge))
    .map((edge) => `hidden-import: ${edge}: write \`import type\` instead of \`import("…")\` in a type`);
}

function edges({ modules }: ICruiseResult): string[] {
  return modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => `${source} -> ${resolved}`));
}
