import { access, readdir, readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { FlowRunnerError } from "../../errors/index.ts";
import { buildByEngine } from "../engine/build.ts";
import type { Engine } from "../engine/connect.ts";
import { packContext } from "../engine/pack-context.ts";
import type { ImageObserver } from "../events.ts";
import { type ContextFile, textFile } from "../plan/context.ts";

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
  const built = join(folder, "dist/cli/main.js");
  const isBuilt = await access(built).then(
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

/** What the Dockerfile copies. A checkout has a lockfile, an installed package has none. */
async function packageFiles(folder: string): Promise<ContextFile[]> {
  const top = ["package.json", "package-lock.json"];
  const below = await Promise.all(["dist", "docker/bin"].map((name) => filesIn(folder, name)));
  const there = (await readdir(folder)).filter((name) => top.includes(name));
  return [...there, ...below.flat()].sort().map((path) => ({
    path,
    mode: path.startsWith("docker/bin/") ? 0o755 : 0o644,
    content: { file: join(folder, path) },
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
