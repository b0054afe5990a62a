import { FlowRunnerError } from "../../errors/index.ts";
import { type BuildSecret, Docker, Local } from "../../storage/index.ts";
import type { ImageFlags } from "./image-options.ts";

/**
 * The storage that flags describe.
 *
 * @throws FlowRunnerError `OPTION_INVALID`, `STORAGE_OPTION_INVALID`
 */
export function dockerStorage(flags: ImageFlags): Docker {
  const given = {
    registryUrl: flags.registry,
    imageName: flags.image,
    imageTag: flags.tag,
    baseImage: flags.base,
    dockerfile: flags.dockerfile,
    prefectDirectory: flags.prefectDirectory,
    platform: flags.platform,
    localImage: flags.localImage,
    ignoreHealthchecks: flags.ignoreHealthchecks,
  };
  return new Docker({
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ignoreGotchas: flags.ignore,
    dependencies: flags.dependency,
    aptPackages: flags.apt,
    files: pairs("--file", ":", flags.file),
    envVars: environmentOf(flags),
    buildSecrets: Object.fromEntries(
      Object.entries(pairs("--secret", "=", flags.secret)).map(([id, file]): [string, BuildSecret] => [id, { file }]),
    ),
  });
}

const onlyOfImages = {
  registry: "--registry",
  image: "--image",
  tag: "--tag",
  base: "--base",
  dockerfile: "--dockerfile",
  dependency: "--dependency",
  apt: "--apt",
  file: "--file",
  secret: "--secret",
  prefectDirectory: "--prefect-directory",
  platform: "--platform",
  localImage: "--local-image",
} as const satisfies Partial<Record<keyof ImageFlags, string>>;

/**
 * What flags say of flows that lie in a folder: `--env` is of their runs there, and what says how an image is made is refused.
 *
 * @throws FlowRunnerError `DEPLOY_OPTION_NEEDS_IMAGE`, `OPTION_INVALID`
 */
export function inFolder(
  directory: string,
  flags: ImageFlags,
): { readonly storage: Local; readonly env: Readonly<Record<string, string>> } {
  const names = Object.keys(onlyOfImages) as (keyof typeof onlyOfImages)[];
  const isGiven = (value: ImageFlags[keyof ImageFlags]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined;
  const given = names.find((name) => isGiven(flags[name]));
  if (given !== undefined) throw new FlowRunnerError("DEPLOY_OPTION_NEEDS_IMAGE", { option: onlyOfImages[given] });
  return { storage: new Local({ directory }), env: environmentOf(flags) };
}

const environmentOf = ({ env }: Pick<ImageFlags, "env">): Record<string, string> => pairs("--env", "=", env);

/** `left<separator>right`; the value of a variable may hold the separator, a path on the left may too (`C:\…`). */
function pairs(option: string, separator: "=" | ":", texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = separator === "=" ? text.indexOf(separator) : text.lastIndexOf(separator);
      // The text is not shown: it may be a secret.
      const allowed = `a text with "${separator}" in it, as the help shows`;
      if (at <= 0)
        throw new FlowRunnerError("OPTION_INVALID", { option, value: text.slice(0, Math.max(at, 0)), allowed });
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
