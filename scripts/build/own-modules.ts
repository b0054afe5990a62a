import { readFile } from "node:fs/promises";
import { dirname, posix, relative, resolve } from "node:path";
import type { OutputFile, Plugin } from "esbuild";
import { withBuiltinModules } from "./builtin-modules.ts";
import { withZodNamespace } from "./zod-namespace.ts";

/** Stands for the way from an output file to `dist/` until the place of that file is known. */
const distMark = "@flow-runner-dist/";

/**
 * `new URL("./child/main.ts", import.meta.url)`: how a source names another module of ours that it starts or resolves; a
 * `.tsx` is one that a browser loads.
 */
const ownModule = /new URL\(\s*"(\.[^"]*)\.(tsx?)"\s*,\s*import\.meta\.url\s*,?\s*\)/g;

function toPosix(path: string): string {
  return path.replaceAll("\\", "/");
}

/** The modules under `src` that a source text names by URL, as paths from `src` without the extension. */
export function modulesNamedByUrl(src: string, file: string, text: string, extension: "ts" | "tsx"): string[] {
  return [...text.matchAll(ownModule)]
    .filter(([, , its]) => its === extension)
    .map(([, path]) => toPosix(relative(src, resolve(dirname(file), path ?? ""))));
}

/**
 * Keeps those URLs true in the bundle, where a module's code may end up in any file of `dist/`: the plugin puts a mark,
 * and `settleUrls` replaces it in each output by the way from there.
 */
export function ownModuleUrls(src: string): Plugin {
  return {
    name: "own-module-urls",
    setup(build) {
      build.onLoad({ filter: /\.ts$/, namespace: "file" }, async ({ path }) => {
        if (!path.startsWith(src)) return undefined;
        const text = await readFile(path, "utf8");
        const contents = text.replace(ownModule, (_, target: string) => {
          const module = toPosix(relative(src, resolve(dirname(path), target)));
          return `new URL("${distMark}${module}.js", import.meta.url)`;
        });
        return { contents: withBuiltinModules(withZodNamespace(contents)), loader: "ts" };
      });
    },
  };
}

export function settleUrls(dist: string, { path, text }: OutputFile): string {
  const toDist = posix.relative(toPosix(dirname(path)), toPosix(dist));
  return text.replaceAll(distMark, toDist === "" ? "./" : `${toDist}/`);
}
