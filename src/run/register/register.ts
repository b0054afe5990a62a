import type { Api } from "../../cloud/index.ts";
import {
  type ApiAccess,
  type DialectName,
  findApiAccess,
  parseAuthorEnvironment,
  profilePath,
} from "../../config/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowBase } from "../../flow/index.ts";
import {
  type FlowForm,
  type FlowGraph,
  type RegistrationForm,
  type RegistrationOptions,
  registrationForm,
  registrationForm07,
} from "../../graph/index.ts";
import { saveFlow } from "../save.ts";
import { imageStorage, localStorage, type StorageForm, type StoredFlow } from "./image-storage.ts";
import { type RunConfig, runConfigForm } from "./run-config.ts";
import { checkScheduledParameters } from "./scheduled-parameters.ts";
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
  /** Prefect 1.x: how agents run the flow; default: `{ type: "UniversalRun" }`, as every agent can. */
  readonly runConfig?: RunConfig;
  /** Environment variables of the flow's runs; Prefect keeps them in the run config. */
  readonly env?: Readonly<Record<string, string>>;
  /** false: the flow's schedule is registered, and starts no runs until it is activated. Default true. */
  readonly setScheduleActive?: boolean;
  /** Make a new version also when nothing has changed; default false. */
  readonly force?: boolean;
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
  /** Null: the API does not tell. */
  readonly version: number | null;
  /** false: nothing has changed since the newest version, which is this one. */
  readonly isNew: boolean;
  readonly storage: StorageForm;
}

/**
 * Saves a flow to `~/.prefect/` and registers it with an API: a new version of the flow of this name in the project,
 * unless nothing has changed.
 *
 * @throws FlowRunnerError `PROJECT_NOT_FOUND`, `SCHEDULE_NEEDS_PARAMETERS`, `RUN_CONFIG_INVALID`, and those of saving and
 *   of the API
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

/** Registers a flow whose artifact is saved already: on this machine, or in an image. */
export async function registerStored(
  graph: FlowGraph,
  stored: StoredFlow,
  access: ApiAccess,
  options: RegisterOptions,
): Promise<Registration> {
  const storage = options.image === undefined ? localStorage(stored) : imageStorage(stored, options.image);
  return registerInStorage(graph, storage, access, options);
}

/**
 * Registers a flow whose artifact lies where the storage says.
 *
 * The flow is known by its whole form, the artifact's digest included. The API gives the version that is there for the
 * same form; what belongs to it is sent all the same, since an earlier registration may have been cut off halfway.
 */
export async function registerInStorage(
  graph: FlowGraph,
  storage: StorageForm,
  access: ApiAccess,
  options: Omit<RegisterOptions, "image">,
): Promise<Registration> {
  checkScheduledParameters(graph);
  const { labels = [], setScheduleActive = true, force = false } = options;
  const form = formFor(access.dialect, graph, { storage, labels }, options);
  return withApi(access, async (api) => {
    const project = await findProject(api, options);
    const newest = await api.flowByName({ name: graph.name, project: project.name });
    const { id, version } = await api.registerFlow({
      projectId: project.id,
      serializedFlow: form,
      setScheduleActive: setScheduleActive && graph.schedule !== null,
      ...(force ? {} : { idempotencyKey: fingerprint(form) }),
    });
    return { flowId: id, name: graph.name, project: project.name, version, isNew: id !== newest?.id, storage };
  });
}

function formFor(
  dialect: DialectName,
  graph: FlowGraph,
  form: RegistrationOptions,
  { runConfig, env = {} }: Pick<RegisterOptions, "runConfig" | "env">,
): RegistrationForm | FlowForm {
  if (dialect === "1.x") return registrationForm(graph, { ...form, runConfig: runConfigForm(runConfig, env) });
  if (runConfig === undefined && Object.keys(env).length === 0) return registrationForm07(graph, form);
  throw new FlowRunnerError("REGISTRATION_NOT_IN_07", { flow: graph.name, what: "run configs" });
}

const fingerprint = (form: object): string =>
  process.getBuiltinModule("node:crypto").hash("sha256", JSON.stringify(form));

/** @throws FlowRunnerError `PROJECT_NOT_FOUND` */
export async function findProject(api: Api, { project, createProject = false }: Omit<RegisterOptions, "image">) {
  if (createProject) return await api.createProject(project);
  const found = await api.projectByName(project);
  if (found === null) throw new FlowRunnerError("PROJECT_NOT_FOUND", { project, api: api.address });
  return found;
}
