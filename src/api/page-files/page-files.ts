import type { Answer } from "../http/answer.ts";
import { bundlePage, type PageFiles } from "./bundle-page.ts";
import { html, pageHeaders } from "./html.ts";

/** In the package this is the bundle, `main.js` with its `main.css` beside it. */
const entry = new URL("../page/main.tsx", import.meta.url);

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/**
 * The files of the web page, which anybody may load: they know nothing of runs. Gives null for any other path.
 *
 * From sources, they are bundled when they are first asked for.
 */
export function pageFiles(): (path: string) => Promise<Answer | null> {
  let files: Promise<PageFiles> | null = null;
  return async (path) => {
    if (path === "/") return { status: 200, body: html, headers: pageHeaders };
    const name = /^\/page\/(main\.(?:js|css))$/.exec(path)?.[1];
    if (name === undefined) return null;
    files ??= load().catch((error: unknown) => {
      files = null;
      throw error;
    });
    const text = (await files).get(name);
    if (text === undefined) return null;
    const type = types[name.slice(name.lastIndexOf("."))] ?? "text/plain";
    return { status: 200, body: text, headers: { ...pageHeaders, "content-type": type } };
  };
}

async function load(): Promise<PageFiles> {
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  if (entry.pathname.endsWith(".tsx")) return bundlePage(fileURLToPath(entry));
  const { readFile } = process.getBuiltinModule("node:fs/promises");
  const read = async (name: string) => [name, await readFile(new URL(name, entry), "utf8")] as const;
  return new Map(await Promise.all(["main.js", "main.css"].map(read)));
}
