import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ContextFile, textFile } from "../plan/context.ts";
import { filesBelow } from "../plan/copied-files.ts";
import type { AuthorProject, PackageManager, ProjectManifest } from "./author-project.ts";
import { declaredRange } from "./declared-source.ts";
import { lockfileForImage, type MovedFolders } from "./npm-lockfile.ts";

/** What each package manager reads beside package.json and the lockfile: settings, and patches of packages. */
const settings: Readonly<
  Record<PackageManager, { readonly files: readonly string[]; readonly folders: readonly string[] }>
> = {
  npm: { files: [".npmrc"], folders: [] },
  pnpm: { files: [".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs", ".pnpmfile.mjs"], folders: ["patches"] },
  yarn: { files: [".npmrc", ".yarnrc"], folders: [] },
  "yarn-berry": { files: [".yarnrc.yml"], folders: [".yarn/patches", ".yarn/plugins"] },
};

/** The lockfile, where packages come from, and how they are changed. */
export async function projectFiles(
  { root, lockfile, manager }: AuthorProject,
  moved: MovedFolders,
): Promise<ContextFile[]> {
  const files = await Promise.all(
    settings[manager].files.map(async (name) => {
      const text = await readFile(join(root, name), "utf8").catch(() => null);
      return text === null ? [] : [textFile(name, /rc(\.yml)?$/.test(name) ? withoutCredentials(text) : text)];
    }),
  );
  const below = await Promise.all(
    settings[manager].folders.map(async (folder) => {
      const found = await filesBelow(join(root, folder), () => true).catch(() => []);
      return found.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
    }),
  );
  const lockfileText = manager === "npm" ? lockfileForImage(lockfile.text, moved) : lockfile.text;
  return [textFile(lockfile.name, lockfileText), ...files.flat(), ...below.flat()];
}

/** Registries without the keys to them: those come as a build secret, and go into no layer. */
function withoutCredentials(text: string): string {
  const isKey = (line: string): boolean =>
    /(_auth|_authToken|_password|username|certfile|keyfile|\bcert|\bkey)"?\s*[= ]/i.test(line) ||
    /npmAuth(?:Token|Ident)"?\s*:/i.test(line) ||
    /:\/\/[^/\s@]*:[^/\s@]+@/.test(line);
  return text
    .split("\n")
    .filter((line) => !isKey(line))
    .join("\n");
}

/**
 * What a project says about packages beyond their names: replaced ones, and whose install scripts may run.
 *
 * npm refuses an override of a package that package.json names otherwise, and one that refers (`$name`) to one that it
 * does not name: both arise here, where it names only what the flows need, at exact versions.
 */
export function projectRules(
  manifest: ProjectManifest | undefined,
  named: Readonly<Record<string, string>>,
): Record<string, unknown> {
  if (manifest === undefined) return {};
  const kept = ["overrides", "resolutions", "pnpm", "allowScripts"].filter((key) => manifest[key] !== undefined);
  const rules = Object.fromEntries(kept.map((key) => [key, manifest[key]]));
  if (!isObject(rules.overrides)) return rules;
  const overrides = Object.entries(rules.overrides).map(([name, rule]) => {
    const own = named[name];
    if (own !== undefined) return [name, isObject(rule) ? { ...rule, ...("." in rule ? { ".": own } : {}) } : own];
    const referred = typeof rule === "string" && rule.startsWith("$") ? rule.slice(1) : null;
    return [name, referred === null ? rule : (named[referred] ?? declaredRange(manifest, referred) ?? rule)];
  });
  return { ...rules, overrides: Object.fromEntries(overrides) };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
