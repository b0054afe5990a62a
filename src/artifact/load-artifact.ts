import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseAuthorEnvironment } from "../config/index.ts";
import { FlowRunnerError } from "../errors/index.ts";
import { FlowBase } from "../flow/index.ts";
import { savedFlow } from "./flow-shape.ts";
import type { Manifest, SavedFlow } from "./format/manifest.ts";
import { readArtifact } from "./format/read-artifact.ts";
import { exportedFlows } from "./module/exported-flows.ts";
import { type Folders, folderUrl } from "./module/folders.ts";
import { loadGiven } from "./module/load-given.ts";
import { checkReferences, missingExport } from "./module/references.ts";

export interface LoadOptions {
  /** The digest that `saveArtifact` gave, as registered with the flow: anything else is refused. */
  readonly digest?: string;
  /**
   * The folder whose `node_modules` is looked in first; default `FLOW_RUNNER__APPLICATION_FOLDER`, else the working
   * folder. The artifact's own folder comes second.
   */
  readonly applicationFolder?: string;
}

export interface LoadedArtifact {
  readonly manifest: Manifest;
  readonly flows: FlowBase[];
  /** The packages that it imports, with the versions that are here. */
  readonly packages: Readonly<Record<string, string>>;
  /** Sentences about what differs from where it was saved: packages of other versions. */
  readonly warnings: readonly string[];
}

/**
 * Loads the flows of an artifact into this process: checks the file, resolves all that it imports, then runs its module.
 *
 * A file is loaded once for each content: loading it again gives the same flows.
 *
 * @throws FlowRunnerError, each check with a code of its own: `ARTIFACT_NOT_FOUND`, `ARTIFACT_NOT_READABLE`,
 *   `ARTIFACT_NOT_ONE`, `ARTIFACT_PYTHON_FLOW`, `ARTIFACT_TRUNCATED`, `ARTIFACT_HASH_MISMATCH`,
 *   `ARTIFACT_DIGEST_MISMATCH`, `ARTIFACT_FORMAT_UNSUPPORTED`, `ARTIFACT_MANIFEST_INVALID`,
 *   `ARTIFACT_VERSION_INCOMPATIBLE`, `ARTIFACT_REFERENCE_MISSING`, `ARTIFACT_MODULE_THREW`, `ARTIFACT_FLOW_CHANGED`.
 *   What `flow()` itself refuses keeps its own code.
 * @example const { flows } = await loadArtifact("/root/.prefect/weather.prefect", { digest });
 */
export async function loadArtifact(file: string, options: LoadOptions = {}): Promise<LoadedArtifact> {
  const path = resolve(file);
  const { manifest, bytes } = await readArtifact(path, options.digest ?? null);
  const folders: Folders = [folderUrl(applicationFolder(options)), folderUrl(dirname(path))];
  const { packages, warnings } = checkReferences(path, manifest, folders);

  const url = `${pathToFileURL(path).href}?sha256=${manifest.sha256}`;
  const module = await loadGiven(path, { url, text: bytes.toString(), folders }).catch((error: unknown) => {
    throw missingExport(path, manifest, folders, error) ?? error;
  });
  const exported = exportedFlows(module);
  const flows = manifest.flows.map((saved) => asSaved(path, saved, exported));
  return { manifest, flows, packages, warnings };
}

function applicationFolder({ applicationFolder: named }: LoadOptions): string {
  return resolve(named ?? parseAuthorEnvironment(process.env).applicationFolder ?? process.cwd());
}

/**
 * The flow that the manifest tells of. It says that the artifact is where it is defined, wherever the call of `flow()`
 * stands (in a package that makes flows, perhaps), so that it can be saved again.
 */
function asSaved(path: string, saved: SavedFlow, exported: readonly FlowBase[]): FlowBase {
  const flow = exported.find(({ name }) => name === saved.name);
  const changed = (problem: string) =>
    new FlowRunnerError("ARTIFACT_FLOW_CHANGED", { path, flow: saved.name, problem });
  if (flow === undefined) {
    const names = exported.map(({ name }) => `"${name}"`).join(", ");
    throw changed(`is not there: the module exports ${names === "" ? "no flow" : names}`);
  }
  if (savedFlow(flow).shape !== saved.shape) {
    const tasks = flow.graph.tasks.length;
    throw changed(tasks === saved.tasks ? "has other tasks or edges" : `has ${tasks} tasks in place of ${saved.tasks}`);
  }
  return new FlowBase({ ...flow, definedIn: path });
}
