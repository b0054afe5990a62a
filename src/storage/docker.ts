import { FlowRunnerError } from "../errors/index.ts";
import { unknownOption } from "../flow/index.ts";

/** Where a build secret comes from: a file, or a variable of the environment of whoever builds. */
export type BuildSecret = { readonly file: string } | { readonly env: string };

/** What an image of flows is made of; everything may be left out. Relative paths start at the working folder. */
export interface DockerOptions {
  /** The registry that the image is pushed to: `localhost:5000`, `ghcr.io/team`. Left out: it stays on this machine. */
  readonly registryUrl?: string;
  /** The image to start from, with Node 26 or newer. Left out: flow-runner's own image for the author's Node. */
  readonly baseImage?: string;
  /** A Dockerfile of the author's to start from, in place of `baseImage`; its folder is the build's context. */
  readonly dockerfile?: string;
  /** Packages beside those that the flows import: `pg`, `pg@8.11.0`, `file:./vendor/drawing`. */
  readonly dependencies?: readonly string[];
  /** Debian packages. */
  readonly aptPackages?: readonly string[];
  /** Files and folders of this machine, by path, and where they go in the image (absolute). */
  readonly files?: Readonly<Record<string, string>>;
  /** Environment variables, readable by whoever can pull the image: no secrets. */
  readonly envVars?: Readonly<Record<string, string>>;
  /**
   * Secrets for the build alone, by id, as `/run/secrets/ID` in each of its steps and in no layer. `npmrc` is where npm,
   * pnpm and yarn 1 look for their `.npmrc`, `yarnrc` where yarn 2 and later look for `.yarnrc.yml`; `${NAME}` in them is
   * the variable of whoever builds. They need the command line client of Docker.
   */
  readonly buildSecrets?: Readonly<Record<string, BuildSecret>>;
  /** Default: the flow's name as a slug; for several flows a random id. As in Prefect. */
  readonly imageName?: string;
  /** Default: the time of the build. As in Prefect. */
  readonly imageTag?: string;
  /** Folder of the flows in the image; default `/root/.prefect`, as in Prefect 0.7. */
  readonly prefectDirectory?: string;
  /** The base image is on this machine and is not pulled. */
  readonly localImage?: boolean;
  /** `linux/arm64`; default: the engine's own. */
  readonly platform?: string;
  /** Build also what fails the health checks. */
  readonly ignoreHealthchecks?: boolean;
  /** Gotchas that the checks do not warn of, by name: `["environment-variable"]`. */
  readonly ignoreGotchas?: readonly string[];
}

const optionNames: Readonly<Record<keyof DockerOptions, true>> = {
  registryUrl: true,
  baseImage: true,
  dockerfile: true,
  dependencies: true,
  aptPackages: true,
  files: true,
  envVars: true,
  buildSecrets: true,
  imageName: true,
  imageTag: true,
  prefectDirectory: true,
  localImage: true,
  platform: true,
  ignoreHealthchecks: true,
  ignoreGotchas: true,
};

/**
 * Flows in a Docker image, which agents start. It only describes the image; `flow.deploy` and `flow-runner build` build
 * it. Prefect: `prefect.environments.storage.Docker`.
 *
 * @throws FlowRunnerError `STORAGE_OPTION_INVALID` for an option that does not exist
 * @example
 * ```ts
 * await weather.deploy({
 *   project: "demo",
 *   storage: new Docker({ registryUrl: "localhost:5000", aptPackages: ["ffmpeg"] }),
 * });
 * ```
 */
export class Docker {
  readonly options: DockerOptions;

  constructor(options: DockerOptions = {}) {
    const unknown = unknownOption(options, optionNames);
    if (unknown !== null) {
      const problem = `${unknown.name}: ${unknown.problem.replace(/\.$/, "")}`;
      throw new FlowRunnerError("STORAGE_OPTION_INVALID", { storage: "Docker", problem });
    }
    this.options = { ...options };
  }
}
