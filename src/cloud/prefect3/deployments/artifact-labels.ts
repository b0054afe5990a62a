import { z } from "zod";

/** Where the artifact of a deployment's flow lies, and what it must be. */
export interface DeployedArtifact {
  /** On the worker's machine, or in the image. */
  readonly file: string;
  /** Its sha256. */
  readonly digest: string;
}

const fileLabel = "flow-runner.file";
const digestLabel = "flow-runner.digest";

/**
 * The labels of a deployment that say so. Prefect 3 has `path` and `entrypoint` for it; these it keeps for Python alone:
 * its workers try to load what they name whenever a run has crashed or was cancelled.
 */
export const artifactLabels = ({ file, digest }: DeployedArtifact): Readonly<Record<string, string>> => ({
  [fileLabel]: file,
  [digestLabel]: digest,
});

const labelsShape = z.looseObject({ [fileLabel]: z.string(), [digestLabel]: z.string() });

/** Null: a deployment that is none of ours. */
export function artifactIn(labels: unknown): DeployedArtifact | null {
  const parsed = labelsShape.safeParse(labels);
  return parsed.success ? { file: parsed.data[fileLabel], digest: parsed.data[digestLabel] } : null;
}
