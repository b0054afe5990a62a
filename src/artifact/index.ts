export { artifactPath } from "./artifact-path.ts";
export type { Manifest } from "./format/manifest.ts";
export { readManifest, verifyArtifact } from "./format/read-artifact.ts";
export { type LoadedArtifact, loadArtifact } from "./load-artifact.ts";
export { loadSource } from "./load-source.ts";
export { isLoading } from "./module/loading.ts";
export { saveArtifact } from "./save-artifact.ts";
export type { SavedArtifact } from "./saved-artifact.ts";
