import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

/** What installs an author's packages. */
export type PackageManager = "npm" | "pnpm" | "yarn" | "yarn-berry";

/** The project that a flow's source belongs to. */
export interface AuthorProject {
  /** The folder with the lockfile: of a workspace, the whole one's. */
  readonly root: string;
  /** The lockfile's name, and its text. */
  readonly lockfile: { readonly name: string; readonly text: string };
  readonly manager: PackageManager;
  /** As `packageManager` of package.json names it, else the one that installed the packages here; null: not known. */
  readonly managerVersion: string | null;
  /** package.json of the root. */
  readonly manifest: ProjectManifest;
}

const dependencyMap = z.record(z.string(), z.string()).default({});

const projectManifest = z.looseObject({
  packageManager: z.string().optional(),
  dependencies: dependencyMap,
  devDependencies: dependencyMap,
  optionalDependencies: dependencyMap,
});
export type ProjectManifest = z.infer<typeof projectManifest>;

/** In this order: where several lie side by side, the first is the one that is kept up. */
const lockfiles: readonly (readonly [name: string, manager: PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["npm-shrinkwrap.json", "npm"],
  ["package-lock.json", "npm"],
];

/** Finds the project of a folder: the nearest folder at or above it with a lockfile; null where there is none. */
export async function findAuthorProject(folder: string): Promise<AuthorProject | null> {
  for (const [name, manager] of lockfiles) {
    const text = await readFile(join(folder, name), "utf8").catch(() => null);
    if (text === null) continue;
    const manifest = await readProjectManifest(folder);
    const isBerry = manager === "yarn" && /^__metadata:/m.test(text);
    return {
      root: folder,
      lockfile: { name, text },
      manager: isBerry ? "yarn-berry" : manager,
      managerVersion: namedVersion(manager, manifest) ?? (await installingVersion(folder)),
      manifest,
    };
  }
  const above = dirname(folder);
  return above === folder ? null : findAuthorProject(above);
}

function namedVersion(manager: PackageManager, { packageManager = "" }: ProjectManifest): string | null {
  const [, name, version = null] = /^([a-z]+)@([\w.-]+)/.exec(packageManager) ?? [];
  return name === manager ? version : null;
}

/** pnpm notes its version beside what it installed; yarn's lies in the project where that has it. */
async function installingVersion(folder: string): Promise<string | null> {
  const notes = [
    { file: "node_modules/.modules.yaml", version: /^\s*"?packageManager"?: "?pnpm@([\d.]+)/m },
    { file: ".yarnrc.yml", version: /^yarnPath: .*yarn-(\d[\w.]*)\.c?js/m },
  ];
  for (const { file, version } of notes) {
    const text = await readFile(join(folder, file), "utf8").catch(() => "");
    const [, noted] = version.exec(text) ?? [];
    if (noted !== undefined) return noted;
  }
  return null;
}

/** A folder's package.json; an empty one where there is none. */
export async function readProjectManifest(folder: string): Promise<ProjectManifest> {
  const file = join(folder, "package.json");
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  return projectManifest.parse(isThere ? JSON.parse(await readFile(file, "utf8")) : {});
}
