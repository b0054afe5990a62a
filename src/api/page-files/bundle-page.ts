/** A file of the page by its name, `main.js`. */
export type PageFiles = ReadonlyMap<string, string>;

/** Bundles the page for a browser: its script and its style sheet, without source maps. */
export async function bundlePage(entry: string): Promise<PageFiles> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: { main: entry },
    outdir: "/",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "eof",
  });
  return new Map(outputFiles.map(({ path, text }) => [path.replace(/^.*[\\/]/, ""), text]));
}
