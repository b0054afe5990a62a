import type { DockerSettings } from "../settings.ts";
import type { ContextFile, ImagePlan } from "./context.ts";
import { copy, env, quoted, run } from "./instructions.ts";

/** Packages to install: files that go into the application folder, and the commands that are run there. */
export interface Installation {
  readonly files: readonly ContextFile[];
  readonly commands: readonly string[];
}

/** A saved flow and where it goes. */
export interface PlacedArtifact {
  readonly file: string;
  /** Absolute, in the image. */
  readonly place: string;
}

/** A file or folder of the author's: the files below it, with paths from its own folder. */
export interface CopiedFiles {
  readonly destination: string;
  readonly folder: boolean;
  readonly files: readonly ContextFile[];
}

/** All that an image is made of, once everything is known. */
export interface ImageParts {
  /** What `FROM` names. */
  readonly base: string;
  /** The base image's user, to whom the image returns; empty: root. */
  readonly user: string;
  readonly settings: Pick<
    DockerSettings,
    "aptPackages" | "envVars" | "prefectDirectory" | "buildSecrets" | "ignoreHealthchecks" | "ignoreGotchas"
  >;
  /** Null: the flows import no package. */
  readonly installation: Installation | null;
  readonly files: readonly CopiedFiles[];
  readonly artifacts: readonly PlacedArtifact[];
}

/** Where flow-runner looks for the packages that flows import, in its base image. */
export const applicationFolder = "/app";

/** How the last step begins; a build that fails there failed the health checks. */
export const checkCommand = "flow-runner check";
/** How the step that installs packages begins. */
export const installCommand = `cd ${applicationFolder}`;

/**
 * Writes the Dockerfile of an image of flows and lists its context: the same parts give the same text.
 *
 * What changes seldom comes first: system packages, the flows' packages, files, environment, and the flows last, so that
 * a change in a flow makes one layer anew. Prefect 1.x sets the environment first: a changed variable installs all
 * packages again.
 */
export function planImage(parts: ImageParts): ImagePlan {
  const { settings, installation, files, artifacts } = parts;
  const secrets = Object.keys(settings.buildSecrets).sort();
  const ignored = settings.ignoreGotchas.map((name) => `--ignore ${name}`);
  const lines = [
    `FROM ${parts.base}`,
    "USER root",
    ...systemPackages(settings.aptPackages, secrets),
    ...(installation === null ? [] : [copy("packages/", `${applicationFolder}/`), install(installation, secrets)]),
    ...files.map(({ destination, folder }, index) => copyFiles(index, destination, folder)),
    ...environment(settings),
    copy("flows/", `${settings.prefectDirectory}/`),
    ...(settings.ignoreHealthchecks
      ? []
      : [
          run(
            artifacts.map(({ place }) => [checkCommand, ...ignored, quoted(place)].join(" ")),
            secrets,
          ),
        ]),
    ...(parts.user === "" ? [] : [`USER ${parts.user}`]),
  ];
  const context = [
    ...(installation?.files ?? []).map((file) => under("packages", file)),
    ...files.flatMap(({ files: each }, index) => each.map((file) => under(`files/${index}`, file))),
    ...artifacts.map(({ file, place }): ContextFile => {
      return { path: `flows/${place.slice(place.lastIndexOf("/") + 1)}`, mode: 0o644, content: { file } };
    }),
  ];
  return { dockerfile: `${lines.join("\n")}\n`, context: context.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function systemPackages(packages: readonly string[], secrets: readonly string[]): string[] {
  if (packages.length === 0) return [];
  const wanted = [...new Set(packages)].sort().join(" ");
  return [
    run(
      [
        "apt-get update",
        `apt-get install --yes --no-install-recommends ${wanted}`,
        "rm -rf /var/lib/apt/lists/* /var/cache/apt/*",
      ],
      secrets,
    ),
  ];
}

const install = ({ commands }: Installation, secrets: readonly string[]): string =>
  run([installCommand, ...commands], secrets);

/** A folder's content goes into the destination, a file becomes it. */
function copyFiles(index: number, destination: string, folder: boolean): string {
  return folder
    ? copy(`files/${index}/`, `${destination.replace(/\/$/, "")}/`)
    : copy(`files/${index}/file`, destination);
}

function environment({ envVars, prefectDirectory }: ImageParts["settings"]): string[] {
  const place = prefectDirectory === "/root/.prefect" ? {} : { PREFECT__HOME_DIR: prefectDirectory };
  return Object.entries({ ...place, ...envVars })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => env(name, value));
}

const under = (folder: string, file: ContextFile): ContextFile => ({ ...file, path: `${folder}/${file.path}` });
