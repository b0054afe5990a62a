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
