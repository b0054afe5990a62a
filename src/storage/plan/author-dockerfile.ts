import { readFile } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { FlowRunnerError } from "../../errors/index.ts";
import type { ContextFile } from "./context.ts";
import { dockerignore, filesBelow } from "./copied-files.ts";

/**
 * Reads a Dockerfile of the author's with its folder as context: what `.dockerignore` there lets through, and without one
 * all but `node_modules` and `.git`. The Dockerfile is always in it, as with `docker build`, and under its own name.
 *
 * @throws FlowRunnerError `IMAGE_FILE_MISSING`, `DOCKERFILE_ENTRYPOINT`
 */
export async function authorDockerfile(
  file: string,
): Promise<{ readonly name: string; readonly files: ContextFile[] }> {
  const path = resolve(file);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) throw new FlowRunnerError("IMAGE_FILE_MISSING", { path, option: "dockerfile" });
  refuseEntrypoint(file, text);
  const folder = dirname(path);
  const lets = await dockerignore(folder, (each) => !/(?:^|[\\/])(?:node_modules|\.git)[\\/]/.test(each));
  const files = await filesBelow(folder, (each) => each === path || lets(relative(folder, each)));
  return { name: basename(path), files };
}

/**
 * Refuses a Dockerfile whose last stage sets an ENTRYPOINT: agents would start that, and no flow run.
 *
 * @throws FlowRunnerError `DOCKERFILE_ENTRYPOINT` with the line
 */
export function refuseEntrypoint(file: string, text: string): void {
  let line: number | null = null;
  let continued = false;
  for (const [index, each] of text.split("\n").entries()) {
    const [word = ""] = continued ? [] : each.trim().split(/[\s[]/, 1);
    if (/^from$/i.test(word)) line = null;
    if (/^entrypoint$/i.test(word)) line = index + 1;
    if (!each.trim().startsWith("#")) continued = /[\\`]\s*$/.test(each);
  }
  if (line !== null) throw new FlowRunnerError("DOCKERFILE_ENTRYPOINT", { file, line });
}
