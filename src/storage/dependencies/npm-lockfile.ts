import { z } from "zod";

/** Where an npm lockfile's folders go in the image. */
export interface MovedFolders {
  /** The folder that the flow's source lies in, from the lockfile's; empty: it is the same. */
  readonly source: string;
  /** Packages of this machine that go into the image: their folder from the lockfile's, their name, and their specifier. */
  readonly local: readonly { readonly folder: string; readonly name: string; readonly specifier: string }[];
}

const entrySchema = z.looseObject({ link: z.boolean().optional() });
const lockfileSchema = z.looseObject({ packages: z.record(z.string(), entrySchema) });
type Entries = Map<string, z.infer<typeof entrySchema>>;

/**
 * An npm lockfile as it holds for the image's package.json. It names a package by the folder where it lies, and what
 * lies in a workspace's own `node_modules` lies elsewhere in the image: npm would take it for unknown, and install the
 * newest versions. What the flow's workspace has of its own comes to the top there, and what was at the top in its
 * place goes to the local packages, which saw it. npm leaves out what nobody needs.
 *
 * @returns The text as it is for a lockfile of npm 6 and older, which knows no folders.
 */
export function lockfileForImage(text: string, { source, local }: MovedFolders): string {
  const parsed = lockfileSchema.safeParse(parseJson(text));
  if (!parsed.success) return text;
  const { dependencies: _, ...lockfile } = parsed.data;
  const all: Entries = new Map(Object.entries(lockfile.packages));
  const placed: Entries = new Map([...all].filter(([path, { link }]) => /^(?:node_modules\/|$)/.test(path) && !link));
  for (const { folder, name, specifier } of local) {
    const entry = all.get(folder);
    if (entry === undefined) continue;
    placed.set(`node_modules/${name}`, { ...entry, resolved: specifier.replace("file:./", "file:") });
    move(all, folder, placed, `node_modules/${name}`);
  }
  const own = workspaceOf(source, all);
  if (own !== null) {
    const displaced = [...all.keys()].flatMap((path) => topPackage(path, own) ?? []).filter((path) => placed.has(path));
    for (const path of displaced) {
      for (const { name } of local) give(placed, path, `node_modules/${name}/${path}`);
      for (const each of [...placed.keys()]) if (isAtOrBelow(each, path)) placed.delete(each);
    }
    move(all, own, placed, "");
  }
  const packages = Object.fromEntries([...placed].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...lockfile, packages }, null, 2)}\n`;
}

/** The nearest folder at or above one that is a workspace; null: there is none. */
function workspaceOf(folder: string, entries: Entries): string | null {
  if (folder === "") return null;
  return entries.has(folder) ? folder : workspaceOf(folder.replace(/(?:^|\/)[^/]*$/, ""), entries);
}

/** Puts what lies in a folder's own `node_modules` below another one. */
function move(from: Entries, folder: string, to: Entries, place: string): void {
  for (const [path, entry] of from) {
    if (path.startsWith(`${folder}/node_modules/`))
      to.set(`${place}${path.slice(folder.length)}`.replace(/^\//, ""), entry);
  }
}

/** Copies a package, with what lies in it, unless there is one already. */
function give(entries: Entries, path: string, place: string): void {
  if (entries.has(place)) return;
  for (const [each, entry] of [...entries]) {
    if (isAtOrBelow(each, path)) entries.set(`${place}${each.slice(path.length)}`, entry);
  }
}

const isAtOrBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** `node_modules/a` of `packages/app/node_modules/a`; null for what is not there, or lies deeper. */
function topPackage(path: string, folder: string): string | null {
  const [, name] = /^\/(node_modules\/(?:@[^/]+\/)?[^/]+)$/.exec(path.slice(folder.length)) ?? [];
  return path.startsWith(`${folder}/`) ? (name ?? null) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
