import { findPackageJSON, SourceMap, type SourceMapPayload } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Manifest, Reference } from "../format/manifest.ts";
import { type Folders, folderUrl } from "../module/folders.ts";
import { packageOf } from "../module/specifier.ts";
import { runBundler, sentences } from "./bundler.ts";
import { machineBoundNames, settleMachineBound } from "./machine-bound.ts";
import { type FoundReference, ReferenceCollector } from "./reference-collector.ts";

export interface Bundle {
  /** An ES module, its source map inlined. */
  readonly text: string;
  readonly packages: Manifest["packages"];
  readonly references: readonly Reference[];
  /** Where the packages are found on this machine: the module's own folder first, then those of all who import one. */
  readonly folders: Folders;
  /** Sentences about what will behave otherwise than in the source, each with its place. */
  readonly warnings: readonly string[];
}

export interface BundleOptions {
  /** The line that is put before the code; the source map reckons with it. */
  readonly firstLine: string;
  /** What stack traces call a source, given its path from the project's folder. */
  readonly sourceName: (path: string, root: string) => string;
}

/** For authors' CommonJS modules that require packages: an ES module has no `require`. */
const requireBanner = `import { createRequire as createRequire$ } from "node:module"; const require = createRequire$(import.meta.url);`;

/**
 * Bundles a flow's module: the author's own modules by value, packages by name. The same source gives the same text,
 * wherever the project lies.
 *
 * @throws FlowRunnerError `SOURCE_NOT_BUNDLED`, `PACKAGE_IN_TWO_VERSIONS`, `BUNDLER_MISSING`
 */
export async function bundleSource(entry: string, { firstLine, sourceName }: BundleOptions): Promise<Bundle> {
  const root = projectFolder(entry);
  const plain = await build(entry, root, firstLine);
  const built = /\b__require\b/.test(plain.code) ? await build(entry, root, `${firstLine}\n${requireBanner}`) : plain;

  const map = { ...built.map, sources: built.map.sources.map((source) => sourceName(source, root)) };
  const { text, warnings } = settleMachineBound(built.code, new SourceMap(map));
  const { found } = built;
  return {
    text: `${text}//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}\n`,
    packages: packagesOf(found),
    references: referencesOf(found),
    folders: [folderUrl(dirname(entry)), ...found.map(({ folder }) => folder)],
    warnings: [...built.warnings, ...warnings, ...optionalWarnings(found)],
  };
}

async function build(entry: string, root: string, banner: string) {
  const collector = new ReferenceCollector(root);
  const { outputFiles, metafile, warnings } = await runBundler(entry, {
    absWorkingDir: root,
    entryPoints: [entry],
    // Nothing is written; sources and comments are named relative to this.
    outfile: join(root, "flow.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node26",
    charset: "utf8",
    sourcemap: "external",
    // The code is there, unminified; a copy of the source would add its comments and nothing else.
    sourcesContent: false,
    // Error classes that are told by name, custom triggers and validators keep their names.
    keepNames: true,
    // A module that is imported for its effects has them, whatever package.json says of it.
    ignoreAnnotations: true,
    define: machineBoundNames,
    banner: { js: banner },
    plugins: [collector.plugin],
  });
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  const [, code] = Object.entries(metafile.outputs).find(([path]) => path.endsWith(".mjs")) ?? [];
  // What the output imports; the rest was never reached.
  const imported = new Set(code?.imports.map(({ path }) => path));
  return {
    code: text(".mjs"),
    map: JSON.parse(text(".mjs.map")) as SourceMapPayload,
    found: collector.found.filter(({ specifier }) => imported.has(specifier)),
    warnings: sentences(warnings),
  };
}

/** The folder of the nearest package.json; without one the module's own. */
function projectFolder(entry: string): string {
  const file = findPackageJSON(pathToFileURL(entry));
  return dirname(file ?? entry);
}

function packagesOf(found: readonly FoundReference[]): Manifest["packages"] {
  const byPackage = Map.groupBy(found, ({ specifier }) => packageOf(specifier));
  const packages = [...byPackage].flatMap(([name, references]): [string, string][] => {
    const versions = new Map(
      references.flatMap(({ version, importedBy }) => (version === null ? [] : [[version, importedBy] as const])),
    );
    if (versions.size > 1) {
      const each = [...versions].map(([version, importedBy]) => ({ version, importedBy }));
      throw new FlowRunnerError("PACKAGE_IN_TWO_VERSIONS", { package: name, versions: each });
    }
    return [...versions.keys()].map((version) => [name, version]);
  });
  return Object.fromEntries(packages.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function referencesOf(found: readonly FoundReference[]): Reference[] {
  const same = Map.groupBy(found, ({ specifier, kind }) => `${specifier} ${kind}`);
  return [...same]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) => {
      if (first === undefined) return [];
      const all = [first, ...others];
      const importedBy = [...new Set(all.map((each) => each.importedBy))].sort();
      const optional = all.every((each) => each.optional);
      return [{ specifier: first.specifier, kind: first.kind, importedBy, optional }];
    });
}

function optionalWarnings(found: readonly FoundReference[]): string[] {
  return found.flatMap(({ specifier, importedBy, optional }) =>
    optional ? [`${importedBy}: import("${specifier}") leads to nothing here: the package is not installed.`] : [],
  );
}
