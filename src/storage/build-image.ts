import { randomUUID } from "node:crypto";
import { FlowRunnerError } from "../errors/index.ts";
import { chooseBase } from "./base/choose-base.ts";
import { planInstallation } from "./dependencies/plan-installation.ts";
import type { Docker } from "./docker.ts";
import { buildByEngine } from "./engine/build.ts";
import { buildByClient } from "./engine/build-by-client.ts";
import { connectEngine, type Engine } from "./engine/connect.ts";
import { packContext } from "./engine/pack-context.ts";
import { pushImage } from "./engine/transfer.ts";
import type { ImageObserver } from "./events.ts";
import { textFile } from "./plan/context.ts";
import { copiedFiles } from "./plan/copied-files.ts";
import { type ImageName, nameImage } from "./plan/image-name.ts";
import { type ImageArtifact, placeArtifacts } from "./plan/place-artifacts.ts";
import { planImage } from "./plan/plan-image.ts";
import { sensitiveVariables } from "./plan/sensitive.ts";
import { type DockerSettings, parseDocker } from "./settings.ts";

export interface BuildOptions {
  /** Default: push, where the storage names a registry. */
  readonly push?: boolean;
  /** Keep the image on this machine after it was pushed; default false, as in Prefect. */
  readonly keep?: boolean;
  /** Refuse what would only be warned of: variables that look like secrets. */
  readonly strict?: boolean;
  readonly observer?: ImageObserver;
}

/** An image that was built, and pushed where it was to be. */
export interface BuiltImage extends ImageName {
  /** The file of each flow in the image, by the flow's name. */
  readonly flows: Readonly<Record<string, string>>;
  /** What each file must be: its sha256, by the flow's name. */
  readonly digests: Readonly<Record<string, string>>;
  /** The image's digest in the registry; null: it was not pushed. */
  readonly pushedAs: string | null;
}

/**
 * Builds an image of saved flows, pushes it to the storage's registry, and takes the local copy away.
 *
 * @throws FlowRunnerError `STORAGE_OPTION_INVALID`, `IMAGE_FLOW_CLASH`, `IMAGE_ENVIRONMENT_SENSITIVE`,
 *   `ENGINE_UNREACHABLE`, and those of choosing a base, of installing, building and pushing
 * @example
 * ```ts
 * const { whole } = await buildImage(new Docker({ registryUrl: "localhost:5000" }), [{ path, manifest, sourceFolder }]);
 * ```
 */
export async function buildImage(
  storage: Docker,
  artifacts: readonly ImageArtifact[],
  { push = true, keep = false, strict = false, observer = () => {} }: BuildOptions = {},
): Promise<BuiltImage> {
  const settings = parseDocker(storage.options);
  const places = placeArtifacts(artifacts, settings.prefectDirectory);
  tellSensitive(settings, strict, observer);
  const name = nameImage(settings, Object.keys(places.flows), { now: new Date(), random: randomUUID });
  const files = await copiedFiles(settings.files, process.cwd());
  const manifests = artifacts.map(({ manifest }) => manifest);
  const { installation, project } = await planInstallation(artifacts, settings.dependencies, process.cwd());
  if (installation !== null) {
    const source =
      project === null
        ? "the flows' manifests (there is no lockfile)"
        : `${project.lockfile.name} (${project.manager})`;
    observer({ type: "notice", level: "info", message: `Versions of packages: ${source}.` });
  }

  const engine = await connectEngine();
  const temporary: string[] = [];
  try {
    const base = await chooseBase(engine, settings, manifests, temporary, observer);
    const plan = planImage({
      base: base.image,
      user: base.user,
      settings,
      installation,
      files,
      artifacts: places.files,
    });
    const build = {
      image: name.whole,
      context: await packContext([textFile("Dockerfile", plan.dockerfile), ...plan.context]),
      platform: settings.platform,
    };
    const hasSecrets = Object.keys(settings.buildSecrets).length > 0;
    if (hasSecrets) await buildByClient(build, settings.buildSecrets, observer);
    else await buildByEngine(engine, build, observer);
  } finally {
    for (const image of temporary) await untag(engine, image);
  }

  if (settings.registryUrl === null || !push) {
    if (push) observer({ type: "notice", level: "warning", message: notPushed(name.whole) });
    return { ...name, ...places, pushedAs: null };
  }
  const pushedAs = await pushImage(engine, name.whole, observer);
  if (!keep) await untag(engine, name.whole);
  return { ...name, ...places, pushedAs };
}

/** Its layers stay: they are what makes the next build quick. */
async function untag(engine: Engine, image: string): Promise<void> {
  await engine
    .getImage(image)
    .remove({ noprune: true })
    .catch(() => {
      // It is not there, or a container uses it: neither undoes what was built.
    });
}

function tellSensitive({ envVars }: DockerSettings, strict: boolean, observer: ImageObserver): void {
  const suspects = sensitiveVariables(envVars).map(({ name, reason }) => `${name} (${reason})`);
  if (suspects.length === 0) return;
  if (strict) throw new FlowRunnerError("IMAGE_ENVIRONMENT_SENSITIVE", { variables: suspects });
  for (const suspect of suspects) {
    const message = `The variable ${suspect} looks like a secret: whoever can pull the image can read it, with docker inspect. Use a secret of the API instead.`;
    observer({ type: "notice", level: "warning", message });
  }
}

const notPushed = (image: string): string =>
  `The storage names no registryUrl: ${image} stays on this machine, and only agents here can start it.`;
