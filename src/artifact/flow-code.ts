import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleSource } from "./bundle/bundle-source.ts";
import { readArtifact } from "./format/read-artifact.ts";
import { type Folders, folderUrl } from "./module/folders.ts";
import { isInstalled } from "./module/installed-package.ts";
import { sourceFile } from "./source-file.ts";
import { sourceScheme } from "./source-scheme.ts";

/** The code of flows to be read, not run: one ES module with all of the author's own modules in it. */
export interface FlowCode {
  readonly text: string;
  /** Where the author wrote what is at a position (both from 0); null: it is the bundler's own. */
  placeAt(line: number, column: number): AuthorPlace | null;
  /** Whether a package is found where the flow looks for its packages. */
  isInstalled(specifier: string): boolean;
}

export interface AuthorPlace {
  /** `src/weather.ts:12`, from the project's folder. */
  readonly place: string;
  /** What `import.meta.url` is there. */
  readonly url: string;
}

/**
 * Reads the code of an artifact, or of a source, which is bundled in memory as saving it would.
 *
 * @param applicationFolder As for `loadArtifact`.
 * @throws FlowRunnerError as `loadArtifact` for a damaged artifact; `BUNDLER_MISSING`, `SOURCE_NOT_BUNDLED` for a source
 */
export async function readFlowCode(
  path: string,
  { source, applicationFolder }: { readonly source: boolean; readonly applicationFolder: string | null },
): Promise<FlowCode> {
  return source ? sourceCode(await sourceFile(path)) : artifactCode(resolve(path), applicationFolder ?? process.cwd());
}

async function artifactCode(path: string, applicationFolder: string): Promise<FlowCode> {
  const { bytes } = await readArtifact(path, null);
  const { href: url } = pathToFileURL(path);
  const folders: Folders = [folderUrl(resolve(applicationFolder)), folderUrl(dirname(path))];
  return flowCode(bytes.toString(), folders, (source) => ({ file: source.slice(sourceScheme.length), url }));
}

async function sourceCode(path: string): Promise<FlowCode> {
  let root = dirname(path);
  const sourceName = (source: string, folder: string): string => {
    root = folder;
    return pathToFileURL(resolve(folder, source)).href;
  };
  const { text, folders } = await bundleSource(path, { firstLine: "//", sourceName });
  return flowCode(text, folders, (url) => ({ file: relative(root, fileURLToPath(url)).replaceAll("\\", "/"), url }));
}

function flowCode(
  text: string,
  folders: Folders,
  author: (source: string) => { readonly file: string; readonly url: string },
): FlowCode {
  const map = inlineMap(text);
  return {
    text,
    placeAt(line, column) {
      const entry = map.findEntry(line, column);
      if (!("originalSource" in entry)) return null;
      const { file, url } = author(entry.originalSource);
      return { place: `${file}:${entry.originalLine + 1}`, url };
    },
    isInstalled: (specifier) => folders.some((folder) => isInstalled(specifier, folder)),
  };
}

/** The source map that `bundleSource` puts behind the code. */
function inlineMap(text: string): SourceMap {
  const mark = "//# sourceMappingURL=data:application/json;base64,";
  const encoded = text.slice(text.lastIndexOf(mark) + mark.length).trim();
  return new SourceMap(JSON.parse(Buffer.from(encoded, "base64").toString()) as SourceMapPayload);
}
