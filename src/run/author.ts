import type { SavedArtifact } from "../artifact/index.ts";
// Not from the folder's index: whether a module is being loaded must be known at once, before anything is imported.
import { isLoading } from "../artifact/module/loading.ts";
import { FlowRunnerError } from "../errors/index.ts";
import { buildFlow, callSite, FlowBase, type FlowOptions, unknownOption } from "../flow/index.ts";
import type { Deployment, DeployOptions } from "./deploy/deploy.ts";
import type { Prefect3Deployment, Prefect3DeployOptions } from "./deploy/prefect3/options.ts";
import type { LocalCache, LocalRun, RunHereOptions } from "./here/local.ts";
import { notDone } from "./not-done.ts";
import type { AccessOptions, RegisterOptions, Registration } from "./register/register.ts";

const runOptionNames: Readonly<Record<keyof RunHereOptions, true>> = {
  parameters: true,
  checkpointing: true,
  concurrency: true,
  context: true,
  cache: true,
  observer: true,
  signal: true,
};

/** Which flow of an artifact, and what it must be. */
export interface LoadOptions {
  /** The flow's name; may be left out where the artifact holds one flow. */
  readonly flow?: string;
  /** The digest that `save` gave: anything else is refused. */
  readonly digest?: string;
}

/**
 * A flow and what can be done with it. The machinery behind each verb is loaded when it is called.
 *
 * While a module is being loaded as a flow (in a container, by `flow-runner run`, by `Flow.load`), verbs that it calls
 * at its top level do not act. Prefect 1.x: `flow.register` is a no-op while a flow is loading.
 */
export class Flow<out Returned = unknown> extends FlowBase<Returned> {
  /** What tasks with `cacheFor` made in earlier runs of this flow in this process. */
  #cache: LocalCache | null = null;

  /**
   * Runs the flow here, in this process, without an API.
   *
   * @throws FlowRunnerError for a parameter that is unknown or missing. A run that fails does not throw: its state says so.
   * @example
   * ```ts
   * const run = await weather.run({ parameters: { days: ["2012-01-01"] } });
   * console.log(run.state.type, run.result(weather.returned));
   * ```
   */
  async run(options: RunHereOptions = {}): Promise<LocalRun> {
    const unknown = unknownOption(options, runOptionNames);
    if (unknown !== null) throw new FlowRunnerError("RUN_OPTION_UNKNOWN", { flow: this.name, ...unknown });
    if (isLoading()) return notDone(this.name, "run");
    const { LocalCache, runHere } = await import("./here/local.ts");
    this.#cache ??= new LocalCache();
    return runHere(this, { cache: this.#cache, ...options });
  }

  /**
   * Saves the flow as an artifact.
   *
   * @param path Where to; left out: `~/.prefect/<slug>.prefect`.
   */
  async save(path?: string): Promise<SavedArtifact> {
    if (isLoading()) return notDone(this.name, "save");
    const { saveFlow } = await import("./save.ts");
    return saveFlow(this, path);
  }

  /**
   * Loads a flow that was saved. It can do all that the original can.
   *
   * @param pathOrName A file, or the name of a flow in `~/.prefect/`.
   * @example const weather = await Flow.load("weather.prefect");
   */
  static async load(pathOrName: string, { flow: wanted, digest }: LoadOptions = {}): Promise<Flow> {
    const { artifactPath, loadArtifact } = await import("../artifact/index.ts");
    const path = artifactPath(pathOrName);
    const { flows } = await loadArtifact(path, digest === undefined ? {} : { digest });
    const found = wanted === undefined ? flows : flows.filter(({ name }) => name === wanted);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      const names = flows.map(({ name }) => name);
      throw new FlowRunnerError("FLOW_AMBIGUOUS", { path, flows: names, wanted: wanted ?? null });
    }
    return new Flow(only);
  }

  /**
   * Saves the flow and registers it with an API.
   *
   * @example await weather.register({ project: "demo", createProject: true });
   */
  async register(options: RegisterOptions & AccessOptions): Promise<Registration> {
    if (isLoading()) return notDone(this.name, "register");
    const { registerFlow } = await import("./register/register.ts");
    return registerFlow(this, options);
  }

  /**
   * Saves the flow, puts it where agents find it, and registers it: in an image that is built and pushed, or in a folder
   * of this machine. Left out, `storage` is an image that stays here. With `api: "prefect3"` it becomes a deployment of a
   * Prefect 3 server, whose workers start it.
   *
   * @example
   * ```ts
   * await weather.deploy({ project: "demo", storage: new Docker({ registryUrl: "localhost:5000" }) });
   * await weather.deploy({ api: "prefect3", workPool: "docker", storage: new Docker({ registryUrl: "localhost:5000" }) });
   * ```
   */
  deploy(options: Prefect3DeployOptions): Promise<Prefect3Deployment>;
  deploy(options: DeployOptions): Promise<Deployment>;
  deploy(options: DeployOptions | Prefect3DeployOptions): Promise<Deployment | Prefect3Deployment> {
    return deployAll([this], options);
  }

  /**
   * Deploys several flows together: one image holds them all.
   *
   * @example await Flow.deploy([weather, report], { project: "demo", storage: new Docker({ imageName: "flows" }) });
   */
  static deploy(flows: readonly Flow[], options: Prefect3DeployOptions): Promise<Prefect3Deployment>;
  static deploy(flows: readonly Flow[], options: DeployOptions): Promise<Deployment>;
  static deploy(
    flows: readonly Flow[],
    options: DeployOptions | Prefect3DeployOptions,
  ): Promise<Deployment | Prefect3Deployment> {
    return deployAll(flows, options);
  }
}

async function deployAll(
  flows: readonly Flow[],
  options: DeployOptions | Prefect3DeployOptions,
): Promise<Deployment | Prefect3Deployment> {
  if (isLoading()) return notDone(flows.map(({ name }) => name).join(", "), "deploy");
  if (isForPrefect3(options)) {
    const { deployToPrefect3 } = await import("./deploy/prefect3/deploy-to-prefect3.ts");
    return deployToPrefect3(flows, options);
  }
  const { deployFlows } = await import("./deploy/deploy.ts");
  return deployFlows(flows, options);
}

/** For the other APIs `api` is an address. */
const isForPrefect3 = (options: DeployOptions | Prefect3DeployOptions): options is Prefect3DeployOptions =>
  options.api === "prefect3";

/**
 * Declares a flow: a name, and a function that calls the tasks. The function runs once, at once, and must be synchronous:
 * it describes the flow, it does not run it.
 *
 * @throws FlowRunnerError for a cycle, a duplicate parameter, an unknown reference task and the like, with the names.
 * @example
 * ```ts
 * export const weather = flow("weather", () => {
 *   const days = parameter("days", { default: ["2012-01-01"] });
 *   return mean({ rows: fetchDay.map({ day: days }) });
 * });
 * ```
 */
export function flow<Returned>(
  name: string,
  build: () => Returned,
  options: FlowOptions<Returned> = {},
): Flow<Returned> {
  const site = callSite();
  return new Flow(buildFlow(name, build, options, site));
}
