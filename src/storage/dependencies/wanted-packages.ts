import type { Manifest } from "../../artifact/index.ts";
import { packageOf } from "../../artifact/module/specifier.ts";
import { FlowRunnerError } from "../../errors/index.ts";

/** A package to install. */
export interface WantedPackage {
  readonly name: string;
  /** A version or a range; null: whatever the project has, else the newest. */
  readonly version: string | null;
}

/**
 * The packages that the flows import, by their manifests.
 *
 * @throws FlowRunnerError `PACKAGE_IN_TWO_VERSIONS` where two artifacts need different versions: in one image there is one
 */
export function importedPackages(manifests: readonly Manifest[]): WantedPackage[] {
  const wanted = new Map<string, { version: string | null; importedBy: string }>();
  for (const { references, packages, flows } of manifests) {
    const importedBy = flows.map(({ name }) => `flow "${name}"`).join(", ");
    for (const { specifier, optional } of references) {
      const name = packageOf(specifier);
      const version = packages[name] ?? null;
      const other = wanted.get(name);
      if (other?.version && version !== null && other.version !== version) {
        const versions = [
          { version: other.version, importedBy: other.importedBy },
          { version, importedBy },
        ];
        throw new FlowRunnerError("PACKAGE_IN_TWO_VERSIONS", { package: name, versions });
      }
      if (!optional) wanted.set(name, { version: version ?? other?.version ?? null, importedBy });
    }
  }
  return [...wanted].map(([name, { version }]) => ({ name, version })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `pg`, `pg@8.11.0`, `@scope/name@^2`, or a path: `./drawing`, `file:../drawing.tgz`. */
export function parseDependency(text: string): WantedPackage | { readonly path: string } {
  const [, path] = /^(?:file:)?(\.{0,2}\/.*|.*\.t(?:ar\.)?gz)$/.exec(text) ?? /^file:(.*)$/.exec(text) ?? [];
  if (path !== undefined) return { path };
  const [, name = text, version] = /^(@?[^@]+)(?:@(.+))?$/.exec(text) ?? [];
  return { name, version: version ?? null };
}
