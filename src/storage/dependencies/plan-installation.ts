import { realpath } from "node:fs/promises";
import { relative } from "node:path";
import { folderUrl } from "../../artifact/module/folders.ts";
import { installedVersion } from "../../artifact/module/installed-package.ts";
import { type ContextFile, textFile } from "../plan/context.ts";
import type { ImageArtifact } from "../plan/place-artifacts.ts";
import type { Installation } from "../plan/plan-image.ts";
import { type AuthorProject, findAuthorProject } from "./author-project.ts";
import { declaredSource, declaringManifests } from "./declared-source.ts";
import { installCommands } from "./install-commands.ts";
import { type LocalPackage, linkedFolder, localPackage } from "./local-package.ts";
import type { MovedFolders } from "./npm-lockfile.ts";
import { projectFiles, projectRules } from "./project-files.ts";
import { importedPackages, parseDependency, type WantedPackage } from "./wanted-packages.ts";

/** What the image's packages are, and where their versions come from. */
export interface PlannedInstallation {
  /** Null: nothing is to be installed. */
  readonly installation: Installation | null;
  readonly project: AuthorProject | null;
}

/**
 * Plans the packages of an image: those that the flows import, at the versions they were saved with, then those that
 * `dependencies` adds. Versions of what these need in turn come from the author's lockfile; an artifact that came as a
 * file has none, and its manifest's versions are all that is known.
 *
 * @param from The folder that paths in `dependencies` start at.
 * @throws FlowRunnerError `PACKAGE_IN_TWO_VERSIONS`, `IMAGE_FILE_MISSING`
 */
export async function planInstallation(
  artifacts: readonly ImageArtifact[],
  dependencies: readonly string[],
  from: string,
): Promise<PlannedInstallation> {
  const sourceFolder = artifacts.find((artifact) => artifact.sourceFolder !== null)?.sourceFolder ?? null;
  const project = sourceFolder === null ? null : await findAuthorProject(sourceFolder);
  const folder = sourceFolder ?? from;
  const packages = new Packages(folder, project === null ? [] : await declaringManifests(folder, project));
  for (const wanted of importedPackages(artifacts.map(({ manifest }) => manifest))) await packages.add(wanted);
  for (const dependency of dependencies) {
    const parsed = parseDependency(dependency);
    await ("path" in parsed ? packages.addLocal(null, parsed.path, from) : packages.add(parsed));
  }
  if (packages.isEmpty) return { installation: null, project };
  const named = packages.specifiers();
  const manifest = { private: true, dependencies: named, ...projectRules(project?.manifest, named) };
  const files = [
    textFile("package.json", `${JSON.stringify(manifest, null, 2)}\n`),
    ...packages.localFiles(),
    ...(project === null ? [] : await projectFiles(project, await packages.moved(project.root))),
  ];
  return { installation: { files, commands: installCommands(project) }, project };
}

/** Gathers what package.json of the image names. */
class Packages {
  readonly #folder: string;
  readonly #declaring: Awaited<ReturnType<typeof declaringManifests>>;
  readonly #registry = new Map<string, string>();
  readonly #local = new Map<string, LocalPackage>();

  /** @param folder Where the flows' source lies: what is installed is seen from there. */
  constructor(folder: string, declaring: Awaited<ReturnType<typeof declaringManifests>>) {
    this.#folder = folder;
    this.#declaring = declaring;
  }

  get isEmpty(): boolean {
    return this.#registry.size + this.#local.size === 0;
  }

  async add({ name, version }: WantedPackage): Promise<void> {
    const linked = await linkedFolder(name, this.#folder);
    if (linked !== null) return this.addLocal(name, linked, this.#folder);
    const exact = version ?? installedVersion(name, folderUrl(this.#folder));
    const source = declaredSource(name, exact, this.#declaring);
    if (source === null) this.#registry.set(name, exact ?? "latest");
    else if ("path" in source) await this.addLocal(name, source.path, source.from);
    else this.#registry.set(name, source.specifier);
  }

  async addLocal(name: string | null, path: string, from: string): Promise<void> {
    const local = await localPackage(name, path, from);
    if (this.#local.has(local.name)) return;
    this.#registry.delete(local.name);
    this.#local.set(local.name, local);
    for (const { name: needed, folder } of local.needs) await this.addLocal(needed, folder, folder);
  }

  specifiers(): Record<string, string> {
    const local = [...this.#local.values()].map(({ name, specifier }) => [name, specifier] as const);
    return Object.fromEntries([...this.#registry, ...local].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Where what lies below a project's folder goes in the image. */
  async moved(project: string): Promise<MovedFolders> {
    const root = await realpath(project);
    const from = async (folder: string) => relative(root, await realpath(folder)).replaceAll("\\", "/");
    const local = [...this.#local.values()].map(async ({ name, specifier, folder }) =>
      folder === null ? [] : [{ folder: await from(folder), name, specifier }],
    );
    return { source: await from(this.#folder), local: (await Promise.all(local)).flat() };
  }

  localFiles(): ContextFile[] {
    return [...this.#local.values()].flatMap(({ files }) => files);
  }
}
