import { spawnSync } from "node:child_process";
import { copyFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bundleInto } from "./build/bundle.ts";

/** `npm run build`: bundles the package into `dist/` and emits its types. */
const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
const fresh = join(root, ".cache", `dist-${process.pid}`);

try {
  const files = await bundleInto(fresh);
  emitTypes();
  // npm publishes no lockfile from its own place; an image that gets flow-runner from the package installs by this one.
  await copyFile(join(root, "package-lock.json"), join(fresh, "package-lock.json"));
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
  console.log(`Built ${files} files into dist/.`);
} finally {
  await rm(fresh, { recursive: true, force: true });
}

function emitTypes(): void {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", fresh], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`tsc could not emit the types (exit code ${status})`);
}
