import { FlowRunnerError } from "../errors/index.ts";
import { type BuildSecret, Docker } from "../storage/index.ts";
import type { ImageFlags } from "./options.ts";

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
    envVars: pairs("--env", "=", flags.env),
    buildSecrets: Object.fromEntries(
      Object.entries(pairs("--secret", "=", flags.secret)).map(([id, file]): [string, BuildSecret] => [id, { file }]),
    ),
  });
}

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
