import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/**
 * Lets bundled CommonJS packages reach Node's own modules: an ES module has no `require`, and `process.getBuiltinModule`
 * loads them faster than an import does.
 */
export function builtinModules(): Plugin {
  return {
    name: "builtin-modules",
    setup(build) {
      build.onLoad({ filter: /[\\/]node_modules[\\/]undici[\\/].*\.js$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        return {
          contents: text.replaceAll(/\brequire\((['"]node:[\w/]+['"])\)/g, "process.getBuiltinModule($1)"),
          loader: "js",
        };
      });
    },
  };
}
