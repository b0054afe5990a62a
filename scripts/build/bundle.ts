import { globSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import manifest from "../../package.json" with { type: "json" };
import { bundlePage } from "../../src/api/page-files/bundle-page.ts";
import { builtinModules } from "./builtin-modules.ts";
import { modulesNamedByUrl, ownModuleUrls, settleUrls } from "./own-modules.ts";

const root = resolve(import.meta.dirname, "../..");
const src = join(root, "src");

/**
 * What every `execute` loads. Bundled it takes a third of the time: no package is searched for in a container's folders,
 * and of zod and undici a run needs but a part. The other packages load when used.
 */
const bundledPackages = ["zod", "undici", "pino", "p-limit", "p-retry", "leven"];
const packages = Object.keys({
  ...manifest.dependencies,
  ...manifest.optionalDependencies,
  ...manifest.peerDependencies,
});

/**
 * Bundles what the package exports, the binary and the processes it starts into a folder, from which the packages must be
 * found; resolves with how many files there are. All entries are built together with code splitting, so that each module
 * exists once, whichever entry loads it: classes keep their identity between `flow-runner`, `flow-runner/testing` and the
 * binary. What a browser loads is bundled on its own.
 */
export async function bundleInto(folder: string): Promise<number> {
  const entries = new Set(["index", "testing/index", "testing/vitest", "cli/main"]);
  const pages = new Set<string>();
  for (const file of globSync("**/*.ts", { cwd: src }).map((path) => join(src, path))) {
    const text = await readFile(file, "utf8");
    for (const module of modulesNamedByUrl(src, file, text, "ts")) entries.add(module);
    for (const module of modulesNamedByUrl(src, file, text, "tsx")) pages.add(module);
  }
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...entries].map((entry) => [entry, join(src, `${entry}.ts`)])),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node26",
    chunkNames: "chunks/[name]-[hash]",
    external: packages.filter((name) => !bundledPackages.includes(name)),
    keepNames: true,
    legalComments: "linked",
    plugins: [ownModuleUrls(src), builtinModules()],
    write: false,
  });
  for (const file of outputFiles) {
    await mkdir(dirname(file.path), { recursive: true });
    await writeFile(file.path, settleUrls(folder, file));
  }
  await chmod(join(folder, "cli/main.js"), 0o755);
  let count = outputFiles.length;
  for (const page of pages) {
    const files = await bundlePage(join(src, `${page}.tsx`));
    await mkdir(dirname(join(folder, page)), { recursive: true });
    for (const [name, text] of files) await writeFile(join(folder, dirname(page), name), text);
    count += files.size;
  }
  return count;
}
