import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import ignore from "@balena/dockerignore";
import { FlowRunnerError } from "../../errors/index.ts";
import type { ContextFile } from "./context.ts";
import type { CopiedFiles } from "./plan-image.ts";

/**
 * Lists what `files` of a storage name. Of folders comes what `.dockerignore` in `from` lets through.
 *
 * @param from The folder that relative paths start at.
 * @throws FlowRunnerError `IMAGE_FILE_MISSING`
 */
export async function copiedFiles(files: Readonly<Record<string, string>>, from: string): Promise<CopiedFiles[]> {
  const wanted = Object.entries(files).sort(([, a], [, b]) => (a < b ? -1 : 1));
  const isWanted = await dockerignore(from, () => true);
  return Promise.all(
    wanted.map(async ([source, destination]) => {
      const path = resolve(from, source);
      const found = await stat(path).catch(() => null);
      if (found === null) throw new FlowRunnerError("IMAGE_FILE_MISSING", { path, option: "files" });
      if (!found.isDirectory()) return { destination, folder: false, files: [contextFile("file", path, found.mode)] };
      return { destination, folder: true, files: await filesBelow(path, (file) => isWanted(relative(from, file))) };
    }),
  );
}

/** Every file below a folder, sorted. Symbolic links are followed: in the image there is nothing that they lead to. */
export async function filesBelow(folder: string, isWanted: (path: string) => boolean): Promise<ContextFile[]> {
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll("\\", "/")).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // A link may lead nowhere, which matters only to those that are wanted; they would lead nowhere in the image too.
      const found = isWanted(path) ? await stat(path).catch(() => null) : null;
      return found?.isFile() ? [contextFile(name, path, found.mode)] : [];
    }),
  );
  return files.flat();
}

const contextFile = (path: string, file: string, mode: number): ContextFile => ({
  path,
  mode: mode & 0o111 ? 0o755 : 0o644,
  content: { file },
});

/**
 * What the `.dockerignore` of a folder lets through, by path from there.
 *
 * @param otherwise The rule where there is none.
 */
export async function dockerignore(
  folder: string,
  otherwise: (path: string) => boolean,
): Promise<(path: string) => boolean> {
  const text = await readFile(join(folder, ".dockerignore"), "utf8").catch(() => null);
  if (text === null) return otherwise;
  const rules = ignore.default().add(text);
  return (path) => path === "" || path.startsWith("..") || !rules.ignores(path);
}
