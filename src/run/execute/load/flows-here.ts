import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readManifest } from "../../../artifact/index.ts";

/** The artifact in a folder that holds a flow; of several the one that was changed last. Null: none does. */
export async function artifactOf(flow: string, folder: string): Promise<string | null> {
  const holding: { file: string; changed: number }[] = [];
  for (const { file, flows } of await artifactsIn(folder)) {
    if (flows.includes(flow)) holding.push({ file, changed: (await stat(file)).mtimeMs });
  }
  return holding.toSorted((a, b) => b.changed - a.changed)[0]?.file ?? null;
}

/** Names of the flows whose artifacts lie in some folders. What is no artifact, or cannot be read, holds none. */
export async function flowsHere(folders: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const folder of new Set(folders)) names.push(...(await artifactsIn(folder)).flatMap(({ flows }) => flows));
  return [...new Set(names)].sort();
}

async function artifactsIn(folder: string) {
  const files = await readdir(folder).catch((): string[] => []);
  const artifacts = files.filter((each) => each.endsWith(".prefect")).map((each) => join(folder, each));
  const manifests = artifacts.map((file) => readManifest(file).catch(() => null));
  return (await Promise.all(manifests)).map((manifest, at) => ({
    file: artifacts[at] ?? "",
    flows: (manifest?.flows ?? []).map(({ name }) => name),
  }));
}
