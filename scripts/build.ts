import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import manifest from "../package.json" with { type: "json" };
import { builtinModules } from "./build/builtin-modules.ts";
import { modulesNamedByUrl, ownModuleUrls, settleUrls } from "./build/own-modules.ts";

/**
 * `npm run build`: bundles what the package exports, the binary and the processes it starts into `dist/`, and emits the
 * types. All entries are built together with code splitting, so that each module exists once, whichever entry loads it:
 * classes keep their identity between `flow-runner`, `flow-runner/testing` and the binary.
 */
const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");
const dist = join(root, "dist");
const fresh = join(root, ".cache", `dist-${process.pid}`);

/**
 * What every `execute` loads. Bundled it takes a third of the time: no package is searched for in a container's folders,
 * and of zod and undici a run needs but a part. The other packages load when used.
 */
const bundledPackages = ["zod", "undici", "pino", "p-limit", "p-retry", "leven"];
const packages = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });

const entries = new Set(["index", "testing/index", "cli/main"]);
for (const file of globSync("**/*.ts", { cwd: src }).map((path) => join(src, path))) {
  for (const module of modulesNamedByUrl(src, file, await readFile(file, "utf8"))) entries.add(module);
}

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries([...entries].map((entry) => [entry, join(src, `${entry}.ts`)])),
  outdir: fresh,
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

try {
  for (const file of outputFiles) {
    await mkdir(dirname(file.path), { recursive: true });
    await writeFile(file.path, settleUrls(fresh, file));
  }
  await chmod(join(fresh, "cli/main.js"), 0o755);
  emitTypes();
  // npm publishes no lockfile from its own place; an image that gets flow-runner from the package installs by this one.
  await copyFile(join(root, "package-lock.json"), join(fresh, "package-lock.json"));
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
} finally {
  await rm(fresh, { recursive: true, force: true });
}
console.log(`Built ${outputFiles.length} files into dist/.`);

function emitTypes(): void {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", fresh], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`tsc could not emit the types (exit code ${status})`);
}
