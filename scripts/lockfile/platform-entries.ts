import { z } from "zod";

/**
 * npm leaves a platform's own package (`@biomejs/cli-darwin-arm64`) out of the lock when the registry it asked does not
 * hold that one, and `npm ci` then refuses the lock for being incomplete. This supplies the missing entries.
 */

const entrySchema = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
export const lockfileSchema = z.looseObject({ packages: z.record(z.string(), entrySchema) });
export type Lockfile = z.infer<typeof lockfileSchema>;

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm64", "arm", "ia32", "loong64", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/** Where node would find `name` from the package at `from` in the lock, or null. */
function resolveIn({ packages }: Lockfile, from: string, name: string): string | null {
  for (let folder = from; ; ) {
    const candidate = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (folder === "") return null;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
  }
}

/** Optional dependencies, named by packages in the lock, that have no entry in it. */
export function missingPlatforms(
  lock: Lockfile,
): { readonly name: string; readonly version: string; readonly dev: boolean }[] {
  return Object.entries(lock.packages).flatMap(([from, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => resolveIn(lock, from, name) === null)
      .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
  );
}

/** An entry for each of them, so that `npm ci` holds for every platform. */
export function platformEntries(lock: Lockfile): Record<string, object> {
  return Object.fromEntries(
    missingPlatforms(lock).map(({ name, version, dev }) => {
      const words = name.split(/[-/]/);
      const cpu = processors.find((processor) => words.includes(processor));
      const os = systems.find((system) => words.includes(system));
      if (!/^\d/.test(version) || cpu === undefined || os === undefined) {
        throw new Error(`package-lock.json lacks ${name}@${version}, whose name tells no platform: add it by hand`);
      }
      return [`node_modules/${name}`, { version, cpu: [cpu], ...(dev ? { dev } : {}), optional: true, os: [os] }];
    }),
  );
}
