import { readFile, realpath, stat } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import { slugify } from "../../graph/index.ts";
import type { ContextFile } from "../plan/context.ts";
import { textFile } from "../plan/context.ts";
import { filesBelow } from "../plan/copied-files.ts";

/** A package that comes from this machine and from no registry: a workspace's, or one by `file:`. */
export interface LocalPackage {
  readonly name: string;
  /** What package.json of the image says for it. */
  readonly specifier: string;
  readonly files: readonly ContextFile[];
  /** Packages beside it in the workspace that it needs. */
  readonly needs: readonly { readonly name: string; readonly folder: string }[];
}

const localManifest = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

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
  return found.isDirectory() ? localFolder(source) : localTarball(name, source);
}

function localTarball(name: string | null, file: string): LocalPackage {
  const place = `local/${basename(file)}`;
  // npm takes the name from the tarball itself; package.json only needs one that is no other's.
  const known = name ?? basename(file).replace(/-\d.*$|\.t(ar\.)?gz$/, "");
  return {
    name: known,
    specifier: `file:./${place}`,
    files: [{ path: place, mode: 0o644, content: { file } }],
    needs: [],
  };
}

async function localFolder(folder: string): Promise<LocalPackage> {
  const file = join(folder, "package.json");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) throw new FlowRunnerError("IMAGE_FILE_MISSING", { path: file, option: "dependencies" });
  const manifest = localManifest.parse(JSON.parse(text));
  const place = `local/${slugify(manifest.name)}`;
  const needs: { name: string; folder: string }[] = [];
  const dependencies: Record<string, string> = {};
  for (const [name, wanted] of Object.entries(manifest.dependencies)) {
    const linked = await linkedFolder(name, folder);
    if (linked !== null) needs.push({ name, folder: linked });
    // `workspace:*` means nothing outside of the workspace; what it stands for is installed beside.
    dependencies[name] = linked === null ? wanted : "*";
  }
  const below = await filesBelow(folder, isNotLeftOut);
  return {
    name: manifest.name,
    specifier: `file:./${place}`,
    needs,
    files: [
      ...below
        .filter(({ path }) => path !== "package.json")
        .map((each) => ({ ...each, path: `${place}/${each.path}` })),
      textFile(
        `${place}/package.json`,
        `${JSON.stringify({ version: "0.0.0", ...manifest, dependencies }, null, 2)}\n`,
      ),
    ],
  };
}
