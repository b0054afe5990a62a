import type { ApiAccess } from "../../config/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowBase } from "../../flow/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import type { BuildOptions } from "../../storage/build-image.ts";
import { Docker, Local } from "../../storage/index.ts";
import type { ImageArtifact } from "../../storage/plan/place-artifacts.ts";
import { refuseUnknownGotchas } from "../check.ts";
import { dockerStorage, type StorageForm } from "../register/image-storage.ts";
import {
  type AccessOptions,
  authorAccess,
  findProject,
  type RegisterOptions,
  type Registration,
  registerInStorage,
} from "../register/register.ts";
import { withApi } from "../register/with-api.ts";
import { withArtifacts } from "./image-artifacts.ts";
import { storeHere } from "./store-here.ts";

/** Where flows are deployed, and how their image is built. */
export interface DeployOptions extends Omit<RegisterOptions, "image">, AccessOptions, BuildOptions {
  /** Default: `new Docker()`, as in Prefect 0.7. */
  readonly storage?: Docker | Local;
}

export interface Deployment {
  /** The image's whole name; null: the flows lie in a folder. */
  readonly image: string | null;
  /** In the order in which the flows were given. */
  readonly registrations: readonly Registration[];
}

/**
 * Puts flows where agents find them, and registers each of them.
 *
 * @throws FlowRunnerError of saving, of building and pushing an image, and of the API
 * @example
 * ```ts
 * const { image } = await deployFlows([weather], { project: "demo", storage: new Docker({ registryUrl: "localhost:5000" }) });
 * ```
 */
export async function deployFlows(flows: readonly FlowBase[], options: DeployOptions): Promise<Deployment> {
  const access = await authorAccess(options);
  const graphs = flows.map(({ graph }) => graph);
  return withArtifacts(flows, (artifacts) => deployArtifacts(artifacts, graphs, access, options));
}

/**
 * The same for flows that are saved already. Whether the API answers and knows the project is found out before the
 * image is built, which takes minutes.
 */
export async function deployArtifacts(
  artifacts: readonly ImageArtifact[],
  graphs: readonly FlowGraph[],
  access: ApiAccess,
  options: DeployOptions,
): Promise<Deployment> {
  const { storage } = options;
  if (storage instanceof Docker) refuseUnknownGotchas("ignoreGotchas", storage.options.ignoreGotchas ?? []);
  await withApi(access, (api) => findProject(api, options));
  const { image, form } = await store(artifacts, options);
  const registrations: Registration[] = [];
  for (const graph of graphs) registrations.push(await registerInStorage(graph, form, access, options));
  return { image, registrations };
}

async function store(
  artifacts: readonly ImageArtifact[],
  { storage = new Docker(), ...options }: DeployOptions,
): Promise<{ readonly image: string | null; readonly form: StorageForm }> {
  if (storage instanceof Local) return { image: null, form: await storeHere(artifacts, storage) };
  if (!(storage instanceof Docker)) {
    const problem = "it has to be a Docker or a Local storage";
    throw new FlowRunnerError("STORAGE_OPTION_INVALID", { storage: "deploy", problem });
  }
  const { buildImage } = await import("../../storage/build-image.ts");
  const built = await buildImage(storage, artifacts, options);
  return { image: built.whole, form: dockerStorage(built) };
}
