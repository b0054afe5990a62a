import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { version } from "../config/index.ts";
import { FlowRunnerError } from "../errors/index.ts";
import type { FlowBase } from "../flow/index.ts";
import { artifactPath } from "./artifact-path.ts";
import { type Bundle, bundleSource } from "./bundle/bundle-source.ts";
import { copyArtifact, isArtifact } from "./copy-artifact.ts";
import { savedFlow } from "./flow-shape.ts";
import { formatVersion } from "./format/manifest.ts";
import { seal, sha256 } from "./format/seal.ts";
import { writeArtifact } from "./format/write-artifact.ts";
import { exportedFlows } from "./module/exported-flows.ts";
import { loadGiven } from "./module/load-given.ts";
import type { SavedArtifact } from "./saved-artifact.ts";
import { sourceFile } from "./source-file.ts";
import { sourceScheme } from "./source-scheme.ts";

export interface SaveOptions {
  /** A flow, which must be an export of the module that defines it; or the path of a module that exports flows. */
  readonly flows: FlowBase | string;
  /**
   * The file to write; default: `<slug>.prefect` in the Prefect folder. A module with several flows is written once
   * under each flow's slug then, so that each can be loaded by its name.
   */
  readonly output?: string;
}

/**
 * Saves flows as one file: the author's own modules by value, packages by name and exact version. All flows that the
 * module exports go into it. The same source gives the same bytes.
 *
 * The bundle is loaded once before it is written: an artifact that could not be loaded is never made, and which exports
 * are flows is known by looking.
 *
 * @throws FlowRunnerError `FLOW_NOT_EXPORTED`, `FLOW_WITHOUT_SOURCE`, `FLOW_NAME_DUPLICATE`, `MODULE_WITHOUT_FLOWS`,
 *   `SOURCE_NOT_FOUND`, `SOURCE_NOT_BUNDLED`, `PACKAGE_IN_TWO_VERSIONS`, `BUNDLER_MISSING`, `ARTIFACT_FLOW_CHANGED`,
 *   `ARTIFACT_MODULE_THREW`, `ARTIFACT_NOT_WRITABLE`; what was at `output` before is unchanged then
 * @example
 * ```ts
 * const { path, digest } = await saveArtifact({ flows: "src/weather.ts", output: "build/weather.prefect" });
 * ```
 */
export async function saveArtifact({ flows, output }: SaveOptions): Promise<SavedArtifact> {
  const entry = await sourceFile(entryOf(flows));
  if (await isArtifact(entry)) return copyArtifact(entry, flows, output);

  const placeholder = "//";
  const bundle = await bundleSource(entry, {
    firstLine: placeholder,
    sourceName: (path) => `${sourceScheme}${path}`,
  });
  const exported = await flowsOf(bundle, entry, output);
  if (typeof flows !== "string") refuseOther(flows, entry, exported);

  const { manifest, bytes } = seal(
    {
      format: formatVersion,
      flows: exported.map(savedFlow),
      flowRunner: version,
      node: process.versions.node,
      packages: bundle.packages,
      references: [...bundle.references],
    },
    Buffer.from(bundle.text.slice(placeholder.length + 1)),
  );
  const names = typeof flows === "string" ? exported.map(({ name }) => name) : [flows.name];
  const [path = "", ...others] = output === undefined ? names.map(artifactPath) : [resolve(output)];
  for (const each of [path, ...others]) await writeArtifact(each, bytes);
  return { path, manifest, digest: manifest.sha256, warnings: bundle.warnings };
}

function entryOf(flows: FlowBase | string): string {
  if (typeof flows === "string") return resolve(flows);
  if (flows.definedIn === null) throw new FlowRunnerError("FLOW_WITHOUT_SOURCE", { flow: flows.name });
  return flows.definedIn;
}

/** Loads the bundle as if it lay where it will be written. */
async function flowsOf({ text, folders }: Bundle, entry: string, output: string | undefined): Promise<FlowBase[]> {
  const place = output === undefined ? artifactPath(basename(entry, extname(entry))) : resolve(output);
  const url = `${pathToFileURL(place).href}?saving=${sha256(text)}`;
  const module = await loadGiven(entry, { url, text, folders });
  const exported = exportedFlows(module);
  if (exported.length > 0) return exported;
  throw new FlowRunnerError("MODULE_WITHOUT_FLOWS", { file: entry, exports: Object.keys(module) });
}

function refuseOther(flow: FlowBase, file: string, exported: readonly FlowBase[]): void {
  const same = exported.find(({ name }) => name === flow.name);
  if (same === undefined) {
    const names = exported.map(({ name }) => name);
    throw new FlowRunnerError("FLOW_NOT_EXPORTED", { flow: flow.name, file, exported: names });
  }
  if (savedFlow(same).shape === savedFlow(flow).shape) return;
  throw new FlowRunnerError("ARTIFACT_FLOW_CHANGED", {
    path: file,
    flow: flow.name,
    problem: "has other tasks or edges than the one that was to be saved",
  });
}
