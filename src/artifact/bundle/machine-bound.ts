import type { SourceMap } from "node:module";

/**
 * What a module can ask of the file it stands in. In an artifact it gets answers about the artifact: nothing that lay
 * beside the source lies beside it. Each is replaced, while bundling, by a name of the same length, so that its uses can
 * be found in the output (strings and comments are no uses) and put back without moving anything.
 */
const askedOfFile = {
  "import.meta.url": "import$meta$url",
  "import.meta.dirname": "import$meta$dirname",
  "import.meta.filename": "import$meta$filename",
  "import.meta.resolve": "import$meta$resolve",
} as const;

/** A module that is loaded as a flow is never the one that was started. */
const constants = { "import.meta.main": "false" } as const;

/** What CommonJS modules ask, in the words of an ES module. */
const fromCommonJs = { __dirname: "import$meta$dirname", __filename: "import$meta$filename" } as const;

/** For esbuild's option `define`. */
export const machineBoundNames: Record<string, string> = { ...askedOfFile, ...fromCommonJs, ...constants };

const uses = /import\$meta\$(?:url|dirname|filename|resolve)\b/g;
const computedImport = /(?<![\w$.])import\((?!\s*["'`])/g;

/** Puts the names back, and says in a sentence each what will mean something else, or cannot be checked, elsewhere. */
export function settleMachineBound(text: string, map: SourceMap): { text: string; warnings: string[] } {
  const places = placesIn(text, map);
  const asked = places(uses).map(
    ({ match, place }) =>
      `${place}: ${match.replaceAll("$", ".")} means the saved file, not the source: what lies beside the source is not beside it. Import data as JSON, which is saved along, or keep it in the image and give its path as a parameter.`,
  );
  const computed = places(computedImport).map(
    ({ place }) =>
      `${place}: import() of a computed name cannot be saved along or checked: it must be importable from the application folder when the task runs.`,
  );
  return {
    text: text.replace(uses, (name) => name.replaceAll("$", ".")),
    warnings: [...new Set([...asked, ...computed])],
  };
}

function placesIn(text: string, map: SourceMap) {
  const lines = text.split("\n");
  return (pattern: RegExp): { match: string; place: string }[] =>
    lines.flatMap((line, index) =>
      [...line.matchAll(pattern)].flatMap(({ 0: match, index: column }) => {
        const entry = map.findEntry(index, column);
        // No entry: the bundler's own code.
        if (!("originalSource" in entry)) return [];
        return [{ match, place: `${entry.originalSource}:${entry.originalLine + 1}` }];
      }),
    );
}
