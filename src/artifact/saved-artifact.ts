import type { Manifest } from "./format/manifest.ts";

/** What saving gives. */
export interface SavedArtifact {
  /** Absolute. */
  readonly path: string;
  readonly manifest: Manifest;
  /** Hexadecimal sha256 of the code: what is registered with the flow, and required when it is loaded. */
  readonly digest: string;
  /** Sentences about what will behave otherwise than in the source, each with its place. */
  readonly warnings: readonly string[];
}
