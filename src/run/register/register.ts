import type { Api } from "../../cloud/index.ts";
import { type ApiAccess, findApiAccess, parseAuthorEnvironment, profilePath } from "../../config/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowBase } from "../../flow/index.ts";
import { type FlowGraph, registrationForm } from "../../graph/index.ts";
import { saveFlow } from "../save.ts";
import { imageStorage, localStorage, type StorageForm, type StoredFlow } from "./image-storage.ts";
import { withApi } from "./with-api.ts";

/** Where a flow is registered. */
export interface RegisterOptions {
  readonly project: string;
  /** Create the project when there is none of that name; default false. */
  readonly createProject?: boolean;
  /** The image that holds the artifact; default: the artifact stays on this machine. */
  readonly image?: string;
  /** Labels beside those of the flow's environment. */
  readonly labels?: readonly string[];
}

/** Where the API is; what is left out comes from the environment, the profile file, or is `http://localhost:4200`. */
export interface AccessOptions {
  readonly api?: string;
  readonly key?: string;
  readonly tenant?: string;
  readonly profile?: string;
}

export interface Registration {
  readonly flowId: string;
  readonly name: string;
  readonly project: string;
  readonly version: number | null;
  readonly storage: StorageForm;
}

/**
 * Saves a flow to `~/.prefect/` and registers it with an API.
 *
 * @throws FlowRunnerError `PROJECT_NOT_FOUND`, and those of saving and of the API
 * @example
 * ```ts
 * const { flowId } = await registerFlow(weather, { project: "demo", createProject: true });
 * ```
 */
export async function registerFlow(flow: FlowBase, options: RegisterOptions & AccessOptions): Promise<Registration> {
  const { path, digest } = await saveFlow(flow);
  const access = await authorAccess(options);
  return registerStored(flow.graph, { name: flow.name, path, digest }, access, options);
}

/** Where the API is for whoever calls from code. */
export function authorAccess(options: AccessOptions): Promise<ApiAccess> {
  const config = parseAuthorEnvironment(process.env);
  const file = profilePath(config.prefectFolder);
  return findApiAccess({ flags: options, config, file, profile: options.profile ?? null });
}

/** Registers a flow whose artifact is saved already. */
export function registerStored(
  graph: FlowGraph,
  stored: StoredFlow,
  access: ApiAccess,
  options: RegisterOptions,
): Promise<Registration> {
  const storage = options.image === undefined ? localStorage(stored) : imageStorage(stored, options.image);
  return registerInStorage(graph, storage, access, options);
}

/** Registers a flow whose artifact lies in a storage. */
export function registerInStorage(
  graph: FlowGraph,
  storage: StorageForm,
  access: ApiAccess,
  options: Omit<RegisterOptions, "image">,
): Promise<Registration> {
  return withApi(access, async (api) => {
    const project = await findProject(api, options);
    const serializedFlow = registrationForm(graph, { storage, labels: options.labels ?? [] });
    const { id, version } = await api.registerFlow({ projectId: project.id, serializedFlow });
    return { flowId: id, name: graph.name, project: project.name, version, storage };
  });
}

/** @throws FlowRunnerError `PROJECT_NOT_FOUND` */
export async function findProject(api: Api, { project, createProject = false }: Omit<RegisterOptions, "image">) {
  if (createProject) return await api.createProject(project);
  const found = await api.projectByName(project);
  if (found === null) throw new FlowRunnerError("PROJECT_NOT_FOUND", { project, api: api.address });
  return found;
}
