import { dirname } from "node:path";
import { type AuthorProject, type ProjectManifest, readProjectManifest } from "./author-project.ts";

/** Where a project says that a package comes from, when that is not simply the registry under its own name. */
export type DeclaredSource =
  /** A folder or tarball, relative to the package.json that names it. */
  | { readonly path: string; readonly from: string }
  /** What package.json of the image says for it. */
  | { readonly specifier: string };

/** A package.json that may name a package, and its folder. */
interface Declaring {
  readonly folder: string;
  readonly manifest: ProjectManifest;
}

/** The manifests that a flow's source sees: its own workspace's, then the root's. */
export async function declaringManifests(
  sourceFolder: string,
  { root, manifest }: AuthorProject,
): Promise<Declaring[]> {
  const above: Declaring[] = [];
  for (let folder = sourceFolder; folder !== root && folder !== dirname(folder); folder = dirname(folder)) {
    above.push({ folder, manifest: await readProjectManifest(folder) });
  }
  return [...above, { folder: root, manifest }];
}

/**
 * Where a package comes from by the nearest package.json that names it: `npm:` gives it another name in the registry,
 * `file:` a path, and anything else with a protocol or a slash (`git+ssh://…`, `github:a/b`, `a/b`, `patch:…`) stays as
 * it is, since the registry's package of that name is another one. Null: it is the registry's.
 *
 * @param version The installed one; null: it is not known.
 */
export function declaredSource(
  name: string,
  version: string | null,
  declaring: readonly Declaring[],
): DeclaredSource | null {
  for (const { folder, manifest } of declaring) {
    const declared = declaredRange(manifest, name);
    if (declared === undefined) continue;
    const path = /^(?:file|link|portal):(.*)$/.exec(declared)?.[1];
    if (path !== undefined) return { path, from: folder };
    const alias = /^npm:(@?[^@]+)/.exec(declared)?.[1];
    if (alias !== undefined) return { specifier: version === null ? declared : `npm:${alias}@${version}` };
    return isRegistryRange(declared) ? null : { specifier: declared };
  }
  return null;
}

/** Whether a specifier means the registry's package of that name, at some version. */
export const isRegistryRange = (specifier: string): boolean =>
  /^(?:workspace|catalog):/.test(specifier) || !/[:/]/.test(specifier);

/** What a package.json says for a package, of whatever kind the dependency is. */
export function declaredRange(manifest: ProjectManifest, name: string): string | undefined {
  return manifest.dependencies[name] ?? manifest.devDependencies[name] ?? manifest.optionalDependencies[name];
}
