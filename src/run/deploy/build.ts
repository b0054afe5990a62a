import { type BuildOptions, type BuiltImage, buildImage } from "../../storage/build-image.ts";
import type { Docker } from "../../storage/index.ts";
import { refuseUnknownGotchas } from "../check.ts";
import { withArtifacts } from "./image-artifacts.ts";

/**
 * Builds an image of the flows of some files, and pushes it where the storage names a registry. Nothing is registered.
 *
 * @param files Sources, which are saved first; or saved flows, by path or by name.
 */
export async function buildFiles(
  files: readonly string[],
  storage: Docker,
  options: BuildOptions,
): Promise<BuiltImage> {
  refuseUnknownGotchas("ignoreGotchas", storage.options.ignoreGotchas ?? []);
  return withArtifacts(files, (artifacts) => buildImage(storage, artifacts, options));
}
