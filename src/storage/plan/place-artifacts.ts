import { posix } from "node:path";
import type { Manifest } from "../../artifact/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { slugify } from "../../graph/index.ts";

/** A saved flow that goes into an image. */
export interface ImageArtifact {
  /** Absolute, on this machine. */
  readonly path: string;
  readonly manifest: Manifest;
  /** The folder of the module it was saved from; null for one that came as a file: only its manifest tells what it needs. */
  readonly sourceFolder: string | null;
}

/** Which file of the image holds each flow, and what it must be: what the storage registers. */
export interface FlowPlaces {
  readonly flows: Readonly<Record<string, string>>;
  readonly digests: Readonly<Record<string, string>>;
  readonly files: readonly { readonly file: string; readonly place: string }[];
}

/**
 * Gives each artifact its place: `<folder>/<slug of its first flow>.prefect`. The same artifact given twice is one file.
 *
 * @throws FlowRunnerError `IMAGE_FLOW_CLASH` for two flows of one name, or of one slug
 */
export function placeArtifacts(artifacts: readonly ImageArtifact[], folder: string): FlowPlaces {
  const distinct = [...new Map(artifacts.map((each) => [each.manifest.sha256, each])).values()];
  const byFlow = new Map<string, ImageArtifact>();
  const byPlace = new Map<string, ImageArtifact>();
  const claim = (what: string, claimed: Map<string, ImageArtifact>, name: string, artifact: ImageArtifact): void => {
    const other = claimed.get(name);
    if (other !== undefined) {
      throw new FlowRunnerError("IMAGE_FLOW_CLASH", { what, name, files: [other.path, artifact.path] });
    }
    claimed.set(name, artifact);
  };
  const placed = distinct.map((artifact) => {
    const names = artifact.manifest.flows.map(({ name }) => name);
    for (const name of names) claim("name", byFlow, name, artifact);
    const file = `${slugify(names[0] ?? "flow")}.prefect`;
    claim("file name", byPlace, file, artifact);
    return { artifact, names, place: posix.join(folder, file) };
  });
  const entries = placed.flatMap(({ artifact, names, place }) => names.map((name) => ({ name, artifact, place })));
  return {
    flows: Object.fromEntries(entries.map(({ name, place }) => [name, place])),
    digests: Object.fromEntries(entries.map(({ name, artifact }) => [name, artifact.manifest.sha256])),
    files: placed.map(({ artifact, place }) => ({ file: artifact.path, place })),
  };
}
