import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { FlowRunnerError } from "../errors/index.ts";
import type { FlowBase } from "../flow/index.ts";
import { artifactPath } from "./artifact-path.ts";
import { savedFlow } from "./flow-shape.ts";
import { beginsAsArtifact } from "./format/open-artifact.ts";
import { readArtifact, reading } from "./format/read-artifact.ts";
import { writeArtifact } from "./format/write-artifact.ts";
import type { SavedArtifact } from "./saved-artifact.ts";

/** Whether a file begins as an artifact does. */
export async function isArtifact(path: string): Promise<boolean> {
  return reading(path, async () => {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return beginsAsArtifact(buffer.subarray(0, bytesRead));
  });
}

/** Saves flows that were loaded from an artifact: its bytes, checked, go to the new place as they are. */
export async function copyArtifact(
  from: string,
  flows: FlowBase | string,
  output: string | undefined,
): Promise<SavedArtifact> {
  const { manifest, bytes } = await readArtifact(from, null);
  if (typeof flows !== "string") {
    const saved = manifest.flows.find(({ name }) => name === flows.name);
    if (saved?.shape !== savedFlow(flows).shape) {
      const problem = "is not the one that was loaded: the file was replaced since then. Load it again";
      throw new FlowRunnerError("ARTIFACT_FLOW_CHANGED", { path: from, flow: flows.name, problem });
    }
  }
  const names = typeof flows === "string" ? manifest.flows.map(({ name }) => name) : [flows.name];
  const paths = output === undefined ? names.map(artifactPath) : [resolve(output)];
  for (const path of paths) if (path !== resolve(from)) await writeArtifact(path, bytes);
  return { path: paths[0] ?? from, manifest, digest: manifest.sha256, warnings: [] };
}
