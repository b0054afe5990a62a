import { readFile, realpath, stat } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { folderUrl } from "../../artifact/module/folders.ts";
import { installedVersion } from "../../artifact/module/installed-package.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { slugify } from "../../graph/index.ts";
import type { ContextFile } from "../plan/context.ts";
import { textFile } from "../plan/context.ts";
import { filesBelow } from "../plan/copied-files.ts";
import { isRegistryRange } from "./declared-source.ts";

/** A package that comes from this machine and from no registry: a workspace's, or one by `file:`. */
export interface LocalPackage {
  readonly name: string;
  /** What package.json of the image says for it. */
  readonly specifier: string;
  /** Where it lies here, absolute; null for a tarball. */
  readonly folder: string | null;
  readonly files: readonly ContextFile[];
  /** Packages beside it in the workspace that it needs. */
  readonly needs: readonly { readonly name: string; readonly folder: string }[];
}

const dependencyMap = z.record(z.string(), z.string()).default({});
const localManifest = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  dependencies: dependencyMap,
  optionalDependencies: dependencyMap,
  peerDependencies: dependencyMap,
  scripts: z.record(z.string(), z.string()).default({}),
});
type LocalManifest = z.infer<typeof localManifest>;

const isNotLeftOut = (path: string): boolean => !/[\\/](?:node_modules|\.git)(?:[\\/]|$)/.test(path);

/**
 * The folder of a package that is linked into `node_modules` from elsewhere, seen from a folder; null for one that was
 * installed there, or is not there at all.
 */
export async function linkedFolder(name: string, from: string): Promise<string | null> {
  let file: string | undefined;
  try {
    file = findPackageJSON(name, pathToFileURL(join(from, "package.json")));
  } catch {
    return null;
  }
  if (file === undefined) return null;
  const folder = await realpath(dirname(file));
  return /[\\/]node_modules[\\/]/.test(folder) ? null : folder;
}

/**
 * Takes a package of this machine into the build: a folder with its package.json, or a tarball as npm packs it.
 *
 * @param name The package's name; null: as its package.json says.
 * @throws FlowRunnerError `IMAGE_FILE_MISSING`
 */
export async function localPackage(name: string | null, path: string, from: string): Promise<LocalPackage> {
  const source = resolve(from, path);
  const found = await stat(source).catch(() => null);
  if (found === null) throw new FlowRunnerError("IMAGE_FILE_MISSING", { path: source, option: "dependencies" });
  return found.isDirectory() ? localFolder(name, source) : localTarball(name, source);
}

function localTarball(name: string | null, file: string): LocalPackage {
  const place = `local/${basename(file)}`;
  // npm takes the name from the tarball itself; package.json only needs one that is no other's.
  const known = name ?? basename(file).replace(/-\d.*$|\.t(ar\.)?gz$/, "");
  return {
    name: known,
    specifier: `file:./${place}`,
    folder: null,
    files: [{ path: place, mode: 0o644, content: { file } }],
    needs: [],
  };
}

async function localFolder(name: string | null, folder: string): Promise<LocalPackage> {
  const file = join(folder, "package.json");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) throw new FlowRunnerError("IMAGE_FILE_MISSING", { path: file, option: "dependencies" });
  const manifest = localManifest.parse(JSON.parse(text));
  const known = name ?? manifest.name;
  const place = `local/${slugify(known)}`;
  const { needs, installable } = await standAlone(manifest, folder);
  const below = await filesBelow(folder, isNotLeftOut);
  return {
    name: known,
    specifier: `file:./${place}`,
    folder,
    needs,
    files: [
      ...below
        .filter(({ path }) => path !== "package.json")
        .map((each) => ({ ...each, path: `${place}/${each.path}` })),
      textFile(`${place}/package.json`, `${JSON.stringify(installable, null, 2)}\n`),
    ],
  };
}

/** Scripts that a package's own developers need, and that package managers run also when they pack a folder. */
const developerScripts = /^(?:pre|post)?(?:prepare|pack|publish|publishOnly|test)$/;

/**
 * A package's manifest as it can be installed outside of its workspace. What it needs from the workspace is installed
 * beside it, where Node finds it, and is named no more: `workspace:` and `catalog:` mean nothing there, and a registry may
 * have another package of that name. All else is named at the version that it has here, since the lockfile knows it
 * under a folder that the image does not have.
 */
async function standAlone(manifest: LocalManifest, folder: string) {
  const needs: { name: string; folder: string }[] = [];
  const freed = async (dependencies: Readonly<Record<string, string>>) => {
    const kept: [string, string][] = [];
    for (const [name, wanted] of Object.entries(dependencies)) {
      const linked = await linkedFolder(name, folder);
      if (linked !== null) needs.push({ name, folder: linked });
      else kept.push([name, isRegistryRange(wanted) ? (installedVersion(name, folderUrl(folder)) ?? wanted) : wanted]);
    }
    return Object.fromEntries(kept);
  };
  const scripts = Object.entries(manifest.scripts).filter(([name]) => !developerScripts.test(name));
  const { devDependencies: _, ...rest } = manifest;
  const installable = {
    version: "0.0.0",
    ...rest,
    scripts: Object.fromEntries(scripts),
    dependencies: await freed(manifest.dependencies),
    optionalDependencies: await freed(manifest.optionalDependencies),
    peerDependencies: await freed(manifest.peerDependencies),
  };
  return { needs, installable };
}
