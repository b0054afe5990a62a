import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

const required = /\brequire\((['"])((?:node:)?[\w/]+)\1\)/g;
const imported = /^import \{([^}]*)\} from ("node:[\w/]+");$/gm;

/**
 * Lets bundled CommonJS packages reach Node's own modules: an ES module has no `require`, and `process.getBuiltinModule`
 * loads them faster than an import does.
 */
export function builtinModules(): Plugin {
  return {
    name: "builtin-modules",
    setup(build) {
      build.onLoad({ filter: /[\\/]node_modules[\\/].*\.c?js$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const contents = text.replaceAll(required, (whole, quote: string, name: string) =>
          isBuiltin(name) ? `process.getBuiltinModule(${quote}${name}${quote})` : whole,
        );
        return { contents, loader: "js" };
      });
    },
  };
}

/**
 * The same for a source of ours. An import makes an ES module of the whole of Node's, for which it asks for each thing
 * that it has: that of `node:fs` loads streams, that of `node:http` all of fetch.
 */
export const withBuiltinModules = (text: string): string =>
  text.replaceAll(imported, (_, names: string, module: string) => {
    const values = names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => !name.startsWith("type "))
      .map((name) => name.replace(/\s+as\s+/, ": "));
    return `const { ${values.join(", ")} } = process.getBuiltinModule(${module});`;
  });
