import { type BuildOptions, type BuiltImage, buildImage } from "../../storage/build-image.ts";
import type { Docker } from "../../storage/index.ts";
import { withArtifacts } from "./image-artifacts.ts";

/**
 * Builds an image of the flows of some files, and pushes it where the storage names a registry. Nothing is registered.
 *
 * @param files Sources, which are saved first; or saved flows, by path or by name.
 */
export function buildFiles(files: readonly string[], storage: Docker, options: BuildOptions): Promise<BuiltImage> {
  return withArtifacts(files, (artifacts) => buildImage(storage, artifacts, options));
}
