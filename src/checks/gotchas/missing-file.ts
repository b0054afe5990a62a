import { tmpdir } from "node:os";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AnyNode } from "acorn";
import type { AuthorCode } from "../code/author-code.ts";
import { isCaught } from "../code/reckoned-with.ts";
import { staticText } from "../code/static-text.ts";
import type { Gotcha } from "./gotcha.ts";

const reading = [
  "readFile",
  "createReadStream",
  "open",
  "openAsBlob",
  "readdir",
  "opendir",
  "readlink",
  "copyFile",
  "cp",
];
const making = ["writeFile", "appendFile", "mkdir", "createWriteStream", "symlink"];
/** What comes second is made. */
const moving = ["copyFile", "cp", "rename", "link"];
const asking = ["exists", "access", "stat", "lstat"];

/** Functions that need a file at their first argument. */
const readers = new Set([...ofFileSystem(reading), "worker_threads.Worker", "child_process.fork"]);
const makers = new Set(ofFileSystem(making));
const movers = new Set(ofFileSystem(moving));
const askers = new Set(ofFileSystem(asking));

/** They are there, or filled, when the container runs and not before. */
const atRunTime = /^(\/tmp|\/var\/tmp|\/proc|\/sys|\/dev|(\/var)?\/run)(\/|$)/;

/** What lies on the author's disk is in no image because of that. */
export const missingFile: Gotcha = {
  name: "missing-file",
  about: "a file that is read, and is not there (paths that are known without running the flow)",
  cure: "Put it into the image (files), import it as JSON, or make its path a parameter",
  find(code, { place }) {
    const made = [...paths(code, makers, 0), ...paths(code, movers, 1), ...paths(code, askers, 0)];
    const isMade = (path: string): boolean => made.some((each) => isWithin(path, each.path));
    return paths(code, readers, 0)
      .filter(({ path, caught }) => !caught && !isMade(path) && !place.exists(path))
      .map(({ node, path }) => ({ node, problem: `reads ${path}, which is not here` }));
  },
};

function ofFileSystem(names: readonly string[]): string[] {
  return names.flatMap((name) => [`fs.${name}`, `fs.${name}Sync`, `fs/promises.${name}`]);
}

function paths(
  code: AuthorCode,
  functions: ReadonlySet<string>,
  position: number,
): { node: AnyNode; path: string; caught: boolean }[] {
  return code.nodes("CallExpression", "NewExpression").flatMap((visit) => {
    const { node } = visit;
    const argument = node.arguments[position];
    if (argument === undefined || !functions.has(code.nameOf(node.callee) ?? "") || opensToWrite(code, node)) return [];
    const text = staticText(code, argument);
    const path = text === null || isAtRunTime(text) ? null : absolute(text);
    return path === null ? [] : [{ node, path, caught: isCaught(visit) }];
  });
}

/** `open(path, "w")`. */
function opensToWrite(
  code: AuthorCode,
  { arguments: [, flags] }: Extract<AnyNode, { type: "CallExpression" | "NewExpression" }>,
) {
  const text = flags === undefined ? null : staticText(code, flags);
  return text !== null && /^[wa]x?\+?$/.test(text);
}

const isAtRunTime = (text: string): boolean => atRunTime.test(text) || text.startsWith(tmpdir());

/** Null: a URL of another scheme, or a path that no file can have. */
function absolute(text: string): string | null {
  if (text.includes("\0")) return null;
  if (!/^[a-z][a-z0-9+.-]+:/i.test(text)) return resolve(text);
  try {
    return fileURLToPath(text);
  } catch {
    return null;
  }
}

/** The path itself, or one in a folder that is made. */
function isWithin(path: string, made: string): boolean {
  const way = relative(made, path);
  return way === "" || (!way.startsWith("..") && dirname(path) !== path);
}
