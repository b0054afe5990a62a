import { resolve } from "node:path";
import { saveArtifact } from "../../artifact/index.ts";
import { parseAuthorEnvironment } from "../../config/index.ts";
import type { Local } from "../../storage/index.ts";
import { type ImageArtifact, placeArtifacts } from "../../storage/plan/place-artifacts.ts";
import type { StorageForm } from "../register/image-storage.ts";

/** Puts artifacts into a folder of this machine. Prefect: `prefect.environments.storage.Local`. */
export async function storeHere(artifacts: readonly ImageArtifact[], { directory }: Local): Promise<StorageForm> {
  const folder = resolve(directory ?? parseAuthorEnvironment(process.env).prefectFolder);
  const { flows, digests, files } = placeArtifacts(artifacts, folder);
  for (const { file, place } of files) await saveArtifact({ flows: file, output: place });
  return { type: "Local", directory: directory === null ? null : folder, secrets: [], flows, digests };
}
