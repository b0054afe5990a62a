import { isBuiltin } from "node:module";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ImportKind, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { installedVersion, isInstalled } from "../module/installed-package.ts";
import { isOwnPackage } from "../module/own-package.ts";
import { isBare, packageOf } from "../module/specifier.ts";

/** One import of a package by one of the author's modules. */
export interface FoundReference {
  readonly specifier: string;
  readonly kind: "import" | "require";
  /** The version that this importer gets; null for one that is not installed, or states none. */
  readonly version: string | null;
  /** Path from the project's folder, with slashes. */
  readonly importedBy: string;
  /** The importer's folder, as a URL: where the package is found. */
  readonly folder: string;
  /** A dynamic import of what is not installed: its importer may reckon with that. */
  readonly optional: boolean;
}

/** Marks the plugin's own questions, so that it does not answer them itself. */
const asking = Symbol("asking");

/**
 * Draws the line between the author's own modules, which are bundled, and packages, which stay references by name.
 *
 * Own is what lies outside every `node_modules`: relative modules, what `paths` of tsconfig.json or `imports` of
 * package.json lead to, and a workspace's packages, which are linked there. cloudpickle draws the same line: what is
 * importable by name goes by name, the rest by value.
 */
export class ReferenceCollector {
  readonly #found: FoundReference[] = [];
  readonly #root: string;

  /** @param root The project's folder. */
  constructor(root: string) {
    this.#root = root;
  }

  /** What was found, always in the same order: the bundler asks in any. */
  get found(): FoundReference[] {
    const order = ({ specifier, kind, importedBy }: FoundReference) => [specifier, kind, importedBy].join("\n");
    return this.#found.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  readonly plugin: Plugin = {
    name: "references",
    setup: (build) => {
      build.onResolve({ filter: /.*/ }, (args) => this.#resolve(args, build));
      build.onLoad({ filter: /\.node$/ }, ({ path }) => ({
        errors: [{ text: nativeAddon(this.#fromRoot(path)) }],
      }));
    },
  };

  async #resolve(args: OnResolveArgs, build: PluginBuild): Promise<OnResolveResult | undefined> {
    const { path: specifier, kind } = args;
    if (kind === "entry-point" || args.pluginData === asking) return undefined;
    if (isOwnPackage(specifier)) return { path: specifier, external: true };
    if (isBuiltin(specifier)) {
      return { path: specifier.startsWith("node:") ? specifier : `node:${specifier}`, external: true };
    }
    if (specifier.startsWith("file:")) return { path: fileURLToPath(specifier) };
    if (/^https?:/.test(specifier)) {
      return { errors: [{ text: `"${specifier}" is on the network: Node imports files and packages only.` }] };
    }
    return isBare(specifier) ? this.#resolveBare(args, build) : undefined;
  }

  async #resolveBare(args: OnResolveArgs, build: PluginBuild): Promise<OnResolveResult> {
    const { path: specifier, kind, importer, resolveDir } = args;
    const found = await build.resolve(specifier, { kind, importer, resolveDir, pluginData: asking });
    const isFound = found.errors.length === 0;
    if (isFound && !this.#inPackage(found.path)) return { path: found.path, sideEffects: found.sideEffects };

    const from = pathToFileURL(importer).href;
    const optional = specifier.startsWith("#") || !isInstalled(specifier, from);
    if (optional && isFound) return { errors: [{ text: aliased(specifier, this.#fromRoot(found.path)) }] };
    if (optional && kind !== "dynamic-import") return { errors: [{ text: notInstalled(specifier) }] };
    const version = optional ? null : installedVersion(specifier, from);
    this.#found.push({
      specifier,
      kind: kindOf(kind),
      version,
      importedBy: this.#fromRoot(importer),
      folder: new URL(".", from).href,
      optional,
    });
    return { path: specifier, external: true };
  }

  #inPackage(path: string): boolean {
    return /(?:^|[\\/])node_modules[\\/]/.test(path.startsWith(this.#root) ? relative(this.#root, path) : path);
  }

  #fromRoot(path: string): string {
    return relative(this.#root, path).replaceAll("\\", "/");
  }
}

function kindOf(kind: ImportKind): FoundReference["kind"] {
  return kind === "require-call" || kind === "require-resolve" ? "require" : "import";
}

const notInstalled = (specifier: string) =>
  specifier.startsWith("#")
    ? `"${specifier}" is not among the imports of package.json.`
    : `"${specifier}" is not installed. Install it (npm install ${packageOf(specifier)}), or correct the name.`;

const aliased = (specifier: string, path: string) =>
  `"${specifier}" leads to ${path} by an alias (paths of tsconfig.json, or imports of package.json). A saved flow refers to packages by their names: import the package itself.`;

const nativeAddon = (path: string) =>
  `${path} is a native addon: it cannot go into a saved flow by value. Put it into a package and import that, so that it stays a reference.`;
