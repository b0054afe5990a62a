import { access, readdir, readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { FlowRunnerError } from "../../errors/index.ts";
import { buildByEngine } from "../engine/build.ts";
import type { Engine } from "../engine/connect.ts";
import { packContext } from "../engine/pack-context.ts";
import type { ImageObserver } from "../events.ts";
import { type ContextFile, textFile } from "../plan/context.ts";

/** What comes last into `dist/`. */
const lockfile = "dist/package-lock.json";

/**
 * Builds flow-runner into an image with Node, by the Dockerfile of its own base image, from the files of the package
 * that runs here.
 *
 * @throws FlowRunnerError `OWN_PACKAGE_NOT_BUILT`, and those of building
 */
export async function addFlowRunner(
  engine: Engine,
  { from, image, platform }: { readonly from: string; readonly image: string; readonly platform: string | null },
  observer: ImageObserver,
): Promise<void> {
  const folder = ownFolder();
  const isBuilt = await access(join(folder, lockfile)).then(
    () => true,
    () => false,
  );
  if (!isBuilt) throw new FlowRunnerError("OWN_PACKAGE_NOT_BUILT", { folder });
  const dockerfile = await readFile(join(folder, "docker/Dockerfile"), "utf8");
  const context = await packContext([textFile("Dockerfile", dockerfile), ...(await packageFiles(folder))]);
  await buildByEngine(engine, { image, context, platform, buildArguments: { NODE_IMAGE: from } }, observer);
}

function ownFolder(): string {
  const file = findPackageJSON(import.meta.url);
  if (file === undefined) throw new Error(`flow-runner has lost its package.json: none lies above ${import.meta.url}`);
  return dirname(file);
}

/** What the Dockerfile copies; the lockfile in its place, so that each build installs the same versions. */
async function packageFiles(folder: string): Promise<ContextFile[]> {
  const below = await Promise.all(["dist", "docker/bin"].map((name) => filesIn(folder, name)));
  const files = below.flat().map((path) => [path, path] as const);
  const top = [
    ["package.json", "package.json"],
    ["package-lock.json", lockfile],
  ] as const;
  return [...top, ...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, from]) => ({
      path,
      mode: path.startsWith("docker/bin/") ? 0o755 : 0o644,
      content: { file: join(folder, from) },
    }));
}

async function filesIn(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    );
}
