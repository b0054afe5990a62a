import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readManifest } from "../../artifact/index.ts";

/** Names of the flows whose artifacts lie in some folders. What is no artifact, or cannot be read, holds none. */
export async function flowsHere(folders: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const folder of new Set(folders)) {
    const files = await readdir(folder).catch((): string[] => []);
    for (const file of files.filter((each) => each.endsWith(".prefect"))) {
      const manifest = await readManifest(join(folder, file)).catch(() => null);
      names.push(...(manifest?.flows ?? []).map(({ name }) => name));
    }
  }
  return [...new Set(names)].sort();
}
