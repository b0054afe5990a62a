import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { folderUrl } from "../../artifact/module/folders.ts";
import { installedVersion } from "../../artifact/module/installed-package.ts";
import { type ContextFile, textFile } from "../plan/context.ts";
import type { ImageArtifact } from "../plan/place-artifacts.ts";
import type { Installation } from "../plan/plan-image.ts";
import { type AuthorProject, findAuthorProject, type ProjectManifest } from "./author-project.ts";
import { installCommands } from "./install-commands.ts";
import { type LocalPackage, linkedFolder, localPackage } from "./local-package.ts";
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
  const packages = new Packages(project, sourceFolder ?? from);
  for (const wanted of importedPackages(artifacts.map(({ manifest }) => manifest))) await packages.add(wanted);
  for (const dependency of dependencies) {
    const parsed = parseDependency(dependency);
    await ("path" in parsed ? packages.addLocal(null, parsed.path, from) : packages.add(parsed));
  }
  if (packages.isEmpty) return { installation: null, project };
  const files = [...packages.files(), ...(project === null ? [] : await projectFiles(project))];
  return { installation: { files, commands: installCommands(project) }, project };
}

/** Gathers what package.json of the image names. */
class Packages {
  readonly #project: AuthorProject | null;
  readonly #folder: string;
  readonly #registry = new Map<string, string>();
  readonly #local = new Map<string, LocalPackage>();

  constructor(project: AuthorProject | null, folder: string) {
    this.#project = project;
    this.#folder = folder;
  }

  get isEmpty(): boolean {
    return this.#registry.size + this.#local.size === 0;
  }

  async add({ name, version }: WantedPackage): Promise<void> {
    const linked = await linkedFolder(name, this.#folder);
    const tarball = declared(this.#project?.manifest, name)?.match(/^file:(.*\.t(?:ar\.)?gz)$/)?.[1];
    if (linked !== null) return this.addLocal(name, linked, this.#folder);
    if (tarball !== undefined) return this.addLocal(name, tarball, this.#project?.root ?? this.#folder);
    this.#registry.set(name, version ?? installedVersion(name, folderUrl(this.#folder)) ?? "latest");
  }

  async addLocal(name: string | null, path: string, from: string): Promise<void> {
    const local = await localPackage(name, path, from);
    if (this.#local.has(local.name)) return;
    this.#registry.delete(local.name);
    this.#local.set(local.name, local);
    for (const { name: needed, folder } of local.needs) await this.addLocal(needed, folder, folder);
  }

  files(): ContextFile[] {
    const local = [...this.#local.values()];
    const specifiers = local.map(({ name, specifier }) => [name, specifier] as const);
    const dependencies = Object.fromEntries([...this.#registry, ...specifiers].sort(([a], [b]) => (a < b ? -1 : 1)));
    const manifest = { private: true, dependencies, ...rules(this.#project?.manifest, Object.fromEntries(specifiers)) };
    return [textFile("package.json", `${JSON.stringify(manifest, null, 2)}\n`), ...local.flatMap(({ files }) => files)];
  }
}

function declared(manifest: ProjectManifest | undefined, name: string): string | undefined {
  return manifest?.dependencies[name] ?? manifest?.devDependencies[name] ?? manifest?.optionalDependencies[name];
}

/** What a project says about packages beyond their names: replaced ones, and whose install scripts may run. */
function rules(manifest: ProjectManifest | undefined, local: Readonly<Record<string, string>>) {
  const own = Object.fromEntries(
    ["overrides", "resolutions", "pnpm", "allowScripts"].flatMap((key) =>
      manifest?.[key] === undefined ? [] : [[key, manifest[key]]],
    ),
  );
  if (Object.keys(local).length === 0) return own;
  const pnpm = isObject(own.pnpm) ? own.pnpm : {};
  return {
    ...own,
    resolutions: { ...(isObject(own.resolutions) ? own.resolutions : {}), ...local },
    pnpm: { ...pnpm, overrides: { ...(isObject(pnpm.overrides) ? pnpm.overrides : {}), ...local } },
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The lockfile, and where packages come from. */
async function projectFiles({ root, lockfile, manager }: AuthorProject): Promise<ContextFile[]> {
  const files = [textFile(lockfile.name, lockfile.text)];
  const npmrc = await readFile(join(root, ".npmrc"), "utf8").catch(() => null);
  if (npmrc !== null) files.push(textFile(".npmrc", withoutCredentials(npmrc)));
  const workspace = await readFile(join(root, "pnpm-workspace.yaml"), "utf8").catch(() => null);
  if (manager === "pnpm" && workspace !== null) files.push(textFile("pnpm-workspace.yaml", workspace));
  return files;
}

/** Registries without the keys to them: those come as a build secret, and go into no layer. */
function withoutCredentials(npmrc: string): string {
  const isKey = (line: string): boolean =>
    /(_auth|_authToken|_password|username|certfile|keyfile|\bcert|\bkey)\s*=/i.test(line);
  return npmrc
    .split("\n")
    .filter((line) => !isKey(line))
    .join("\n");
}
