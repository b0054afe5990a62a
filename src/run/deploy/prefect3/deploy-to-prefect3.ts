import type { Deployments, WorkPool } from "../../../cloud/index.ts";
import { refusedValues } from "../../../cloud/prefect3/index.ts";
import type { ApiAccess } from "../../../config/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { FlowBase } from "../../../flow/index.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import { Docker, Local } from "../../../storage/index.ts";
import { type ImageArtifact, placeArtifacts } from "../../../storage/plan/place-artifacts.ts";
import { refuseUnknownGotchas } from "../../check.ts";
import { prefect3Access } from "../../prefect3/access.ts";
import { withDeployments } from "../../register/with-api.ts";
import { withArtifacts } from "../image-artifacts.ts";
import { storeHere } from "../store-here.ts";
import { checkDeployable, deploymentForm, deploymentName } from "./deployment-form.ts";
import type { DeployedFlow, Prefect3Deployment, Prefect3DeployOptions } from "./options.ts";
import { findWorkPool, startsProcesses } from "./work-pool.ts";

/** Where artifacts were put. */
interface Stored {
  readonly image: string | null;
  /** By the flow's name. */
  readonly flows: Readonly<Record<string, string>>;
  readonly digests: Readonly<Record<string, string>>;
  /** Where each flow's author has its packages, by the flow's name; null: nobody knows. */
  readonly sourceFolders?: Readonly<Record<string, string | null>>;
}

/**
 * Puts flows where workers find them, and deploys each of them.
 *
 * @throws FlowRunnerError `WORK_POOL_NOT_FOUND`, `WORK_POOL_NEEDS_IMAGE`, `WORK_POOL_NEEDS_FOLDER`, those of saving, of
 *   building and pushing an image, and of the API
 * @example
 * ```ts
 * await deployToPrefect3([weather], { api: "prefect3", workPool: "docker", storage: new Docker({ registryUrl: "localhost:5000" }) });
 * ```
 */
export async function deployToPrefect3(
  flows: readonly FlowBase[],
  options: Prefect3DeployOptions,
): Promise<Prefect3Deployment> {
  const access = await prefect3Access(options, process.env);
  const graphs = flows.map(({ graph }) => graph);
  return withArtifacts(flows, (artifacts) => deployArtifactsToPrefect3(artifacts, graphs, access, options));
}

/**
 * The same for flows that are saved already. Whatever can be refused is refused before the image is built, which takes
 * minutes.
 */
export function deployArtifactsToPrefect3(
  artifacts: readonly ImageArtifact[],
  graphs: readonly FlowGraph[],
  access: ApiAccess,
  options: Prefect3DeployOptions,
): Promise<Prefect3Deployment> {
  for (const graph of graphs) checkDeployable(graph, options);
  return withDeployments(access, async (api) => {
    const pool = await findWorkPool(api, options);
    const stored = { ...(await store(artifacts, pool, options)), sourceFolders: sourceFolders(artifacts) };
    const deployments: DeployedFlow[] = [];
    for (const graph of graphs) deployments.push(await deploy(api, graph, pool, stored, options));
    return { image: stored.image, deployments };
  });
}

async function deploy(
  api: Deployments,
  graph: FlowGraph,
  pool: WorkPool,
  { image, flows, digests, sourceFolders = {} }: Stored,
  options: Prefect3DeployOptions,
): Promise<DeployedFlow> {
  const name = deploymentName(graph, options);
  const held = await api.deployment(graph.name, name);
  const flowId = await api.flowId(graph.name);
  const artifact = { file: flows[graph.name] ?? "", digest: digests[graph.name] ?? "" };
  const sourceFolder = sourceFolders[graph.name] ?? null;
  const form = deploymentForm({ graph, artifact, image, sourceFolder }, pool, held, flowId, options);
  const deploymentId = await api.saveDeployment(form).catch((error: unknown) => {
    throw refusedValues(error, graph.name);
  });
  return { deploymentId, flow: graph.name, name, isNew: held === null };
}

const sourceFolders = (artifacts: readonly ImageArtifact[]): NonNullable<Stored["sourceFolders"]> =>
  Object.fromEntries(
    artifacts.flatMap(({ manifest, sourceFolder }) => manifest.flows.map(({ name }) => [name, sourceFolder])),
  );

async function store(
  artifacts: readonly ImageArtifact[],
  pool: WorkPool,
  { storage, image, command, ...build }: Prefect3DeployOptions,
): Promise<Stored> {
  if (image !== undefined) return inImage(artifacts, image);
  const place = storage ?? (startsProcesses(pool) ? new Local() : new Docker());
  if (place instanceof Local) {
    // A command of one's own may find the folder, which a pool's template may mount.
    if (!startsProcesses(pool) && command === undefined) throw new FlowRunnerError("WORK_POOL_NEEDS_IMAGE", pool);
    return { image: null, ...(await storeHere(artifacts, place)) };
  }
  if (!(place instanceof Docker)) {
    const problem = "it has to be a Docker or a Local storage";
    throw new FlowRunnerError("STORAGE_OPTION_INVALID", { storage: "deploy", problem });
  }
  if (startsProcesses(pool)) throw new FlowRunnerError("WORK_POOL_NEEDS_FOLDER", pool);
  refuseUnknownGotchas("ignoreGotchas", place.options.ignoreGotchas ?? []);
  const { buildImage } = await import("../../../storage/build-image.ts");
  const { whole, flows, digests } = await buildImage(place, artifacts, build);
  return { image: whole, flows, digests };
}

/** Where flows lie in an image that `flow-runner build` has made of them before. */
const imageFolder = "/root/.prefect";

/** An image that holds the same artifacts already. */
function inImage(artifacts: readonly ImageArtifact[], image: string): Stored {
  const { flows, digests } = placeArtifacts(artifacts, imageFolder);
  return { image, flows, digests };
}
