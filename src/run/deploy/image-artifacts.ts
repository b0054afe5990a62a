import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { readManifest } from "../../artifact/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowBase } from "../../flow/index.ts";
import type { ImageArtifact } from "../../storage/plan/place-artifacts.ts";
import { flowFile } from "../describe.ts";
import { saveFlow } from "../save.ts";

/**
 * Saves flows that are to be deployed, hands them to `use`, and takes the files away again. What was saved before is
 * used where it lies.
 *
 * @param flows Flows, or files: a source, a saved flow's path, or its name.
 */
export async function withArtifacts<Result>(
  flows: readonly (FlowBase | string)[],
  use: (artifacts: readonly ImageArtifact[]) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "flow-runner-deploy-"));
  try {
    const artifacts: ImageArtifact[] = [];
    for (const [index, flow] of flows.entries())
      artifacts.push(await artifactOf(flow, join(folder, `${index}.prefect`)));
    return await use(artifacts);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function artifactOf(flow: FlowBase | string, output: string): Promise<ImageArtifact> {
  const defined = typeof flow === "string" ? flow : flow.definedIn;
  if (defined === null) throw new FlowRunnerError("FLOW_WITHOUT_SOURCE", { flow: String(flow) });
  const file = flowFile(defined);
  if (typeof flow === "string" && !file.source) {
    return { path: file.path, manifest: await readManifest(file.path), sourceFolder: null };
  }
  const { path, manifest } = await saveFlow(flow, output);
  return { path, manifest, sourceFolder: file.source ? dirname(resolve(file.path)) : null };
}
