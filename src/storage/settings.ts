import { z } from "zod";
import { FlowRunnerError } from "../errors/index.ts";
import type { DockerOptions } from "./docker.ts";

const path = z.string().min(1);
const absolute = z.string().startsWith("/", "must be an absolute path in the image");
const word = (pattern: RegExp, expected: string) => z.string().regex(pattern, `must be ${expected}`);

/** What may stand in a command line of the build without being quoted, so that no option can smuggle in a command. */
const aptPackage = word(/^[a-z0-9][a-z0-9+.:=~-]*$/, "the name of a Debian package");
const secretId = word(/^[A-Za-z0-9_.-]+$/, "letters, digits, dots, dashes");

const dockerSettings = z
  .strictObject({
    registryUrl: word(
      /^[a-zA-Z0-9][\w.-]*(:\d+)?(\/[\w./-]*[\w])?$/,
      'like "localhost:5000" or "ghcr.io/team", without https://',
    )
      .nullable()
      .default(null),
    baseImage: word(/^[\w][\w.:/@-]*$/, "the name of an image")
      .nullable()
      .default(null),
    dockerfile: path.nullable().default(null),
    dependencies: z.array(z.string().min(1)).default([]),
    aptPackages: z.array(aptPackage).default([]),
    files: z.record(path, absolute).default({}),
    envVars: z
      .record(word(/^[A-Za-z_]\w*$/, "the name of a variable"), z.string().regex(/^[^\n\r]*$/, "must be one line"))
      .default({}),
    buildSecrets: z
      .record(secretId, z.union([z.strictObject({ file: path }), z.strictObject({ env: path })]))
      .default({}),
    imageName: word(/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/, "lower case letters, digits, dots, dashes, slashes")
      .nullable()
      .default(null),
    imageTag: word(/^\w[\w.-]{0,127}$/, "letters, digits, dots and dashes")
      .nullable()
      .default(null),
    prefectDirectory: absolute.default("/root/.prefect"),
    localImage: z.boolean().default(false),
    platform: word(/^[a-z0-9]+(\/[a-z0-9]+)*$/, 'like "linux/arm64"')
      .nullable()
      .default(null),
    ignoreHealthchecks: z.boolean().default(false),
    ignoreGotchas: z.array(word(/^[a-z][a-z-]*$/, "the name of a gotcha")).default([]),
  })
  .refine(({ baseImage, dockerfile }) => baseImage === null || dockerfile === null, {
    message: "baseImage and dockerfile exclude each other",
  });

/** The options of a `Docker` storage, checked, with their defaults. */
export type DockerSettings = z.infer<typeof dockerSettings>;

/** @throws FlowRunnerError `STORAGE_OPTION_INVALID` that names every option which is wrong */
export function parseDocker(options: DockerOptions): DockerSettings {
  const parsed = dockerSettings.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: at, message }) =>
    [at.join("."), message].filter(Boolean).join(" "),
  );
  throw new FlowRunnerError("STORAGE_OPTION_INVALID", { storage: "Docker", problem: problems.join("; ") });
}
