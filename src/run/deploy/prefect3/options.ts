import type { Schedule } from "../../../flow/index.ts";
import type { BuildOptions } from "../../../storage/build-image.ts";
import type { Docker, Local } from "../../../storage/index.ts";

/** How flows are deployed to a Prefect 3 server: what its workers start, and when. */
export interface Prefect3DeployOptions extends BuildOptions {
  /** Says that it is Prefect 3. */
  readonly api: "prefect3";
  /** Default: `PREFECT_API_URL`, a profile's, or `http://localhost:4200/api`. */
  readonly apiUrl?: string;
  readonly key?: string;
  readonly profile?: string;
  /** The pool whose workers start the runs. */
  readonly workPool: string;
  /** Make the pool, of this type (`process`, `docker`, `kubernetes`), when there is none of that name. */
  readonly createPool?: string;
  readonly workQueue?: string;
  /** The deployment's name; default: the flow's, as a slug. */
  readonly name?: string;
  /** Default: `new Local()` for a pool of type `process`, `new Docker()` for all others. */
  readonly storage?: Docker | Local;
  /** An image that `flow-runner build` has made of the same flows: nothing is built. */
  readonly image?: string;
  /** Default: what executes the run. An image has it as its entry point. */
  readonly command?: string;
  /** Environment variables of the runs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Values for the pool's job template, as in `{ mem_limit: "1g" }`; they win over those that are set here. */
  readonly jobVariables?: Readonly<Record<string, unknown>>;
  /** Parameters of runs that are not given any; over the flow's defaults. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** In place of the flow's own; null: none. */
  readonly schedule?: Schedule | null;
  /** Start no runs by the schedule; left out: as it is, at first not paused. */
  readonly paused?: boolean;
  readonly tags?: readonly string[];
  readonly description?: string;
  /** Default: the begin of the artifact's hash. */
  readonly version?: string;
  /** How many runs there may be at once. */
  readonly concurrencyLimit?: number;
  /** What becomes of a run that is one too many; default: it waits. */
  readonly onTooMany?: "wait" | "cancel";
  /** false: the API takes parameters also where they are not of the type of their default. Default true. */
  readonly enforceParameterSchema?: boolean;
}

/** Flows that workers can start now. */
export interface Prefect3Deployment {
  /** The image's whole name; null: the flows lie in a folder. */
  readonly image: string | null;
  /** In the order in which the flows were given. */
  readonly deployments: readonly DeployedFlow[];
}

export interface DeployedFlow {
  readonly deploymentId: string;
  readonly flow: string;
  /** The deployment's own name. */
  readonly name: string;
  /** false: there was one of that name, which is this one now. */
  readonly isNew: boolean;
}
