import { fileURLToPath, pathToFileURL } from "node:url";
import { isInstalled } from "./installed-package.ts";

/** URLs of the folders, ending in a slash, where references are looked for, in this order. */
export type Folders = readonly [string, ...string[]];

/** A folder's path as a URL that relative ones are relative to. */
export function folderUrl(path: string): string {
  return pathToFileURL(path.endsWith("/") ? path : `${path}/`).href;
}

/** The paths of the folders, each once, for messages. */
export function folderPaths(folders: Folders): string[] {
  return [...new Set(folders)].map((folder) => fileURLToPath(folder));
}

/**
 * The folder, of several, that a package is taken from: the first that has it, else the first. What a package exports
 * plays no part, so that all parts of it come from one folder.
 */
export function folderWith(specifier: string, folders: Folders): string {
  return folders.find((folder) => isInstalled(specifier, folder)) ?? folders[0];
}
