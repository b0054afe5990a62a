import { randomUUID } from "node:crypto";
import type { Manifest } from "../../artifact/index.ts";
import { version } from "../../config/index.ts";
import { buildByEngine } from "../engine/build.ts";
import type { Engine } from "../engine/connect.ts";
import { packContext } from "../engine/pack-context.ts";
import type { ImageObserver } from "../events.ts";
import { authorDockerfile } from "../plan/author-dockerfile.ts";
import type { DockerSettings } from "../settings.ts";
import { addFlowRunner } from "./add-flow-runner.ts";
import { givenImage, tagImage } from "./given-image.ts";
import { majorOf, refuseUnfit, sayMismatch } from "./judge-base.ts";
import { ownImage } from "./own-image.ts";
import { probeBase } from "./probe.ts";

/** The image that a build starts from. */
export interface Base {
  /** What `FROM` names. */
  readonly image: string;
  readonly user: string;
}

type Wanted = Pick<DockerSettings, "baseImage" | "dockerfile" | "localImage" | "platform" | "registryUrl">;

/**
 * Finds or makes the image to start from: the author's image or Dockerfile, else flow-runner's own for the Node that the
 * flows were saved with. flow-runner is built into one that has none; one that cannot run the flows is refused.
 *
 * @param temporary Is given the names that are made for this build alone, to be taken away after it, also when it fails;
 *   layers stay as a cache.
 * @throws FlowRunnerError `BASE_IMAGE_WITHOUT_NODE`, `BASE_IMAGE_NODE_TOO_OLD`, `BASE_IMAGE_INCOMPATIBLE`,
 *   `BASE_IMAGE_UNUSABLE`, `DOCKERFILE_ENTRYPOINT`, `OWN_PACKAGE_NOT_BUILT`, and those of pulling and building
 */
export async function chooseBase(
  engine: Engine,
  wanted: Wanted,
  manifests: readonly Manifest[],
  temporary: string[],
  observer: ImageObserver,
): Promise<Base> {
  const image = await wantedImage(engine, wanted, manifests, temporary, observer);
  const facts = await probeBase(engine, image);
  const name = wanted.baseImage ?? wanted.dockerfile ?? image;
  refuseUnfit(name, facts, manifests);
  sayMismatch(name, facts, manifests, observer);
  const { user, flowRunner } = facts;
  if (flowRunner !== null) {
    const message = `The image starts from ${name}, which has Node ${facts.node} and flow-runner ${flowRunner}.`;
    observer({ type: "notice", level: "info", message });
    return { image, user };
  }
  observer({ type: "notice", level: "info", message: `${name} has no flow-runner; ${version} is put into it.` });
  const extended = temporaryName(temporary);
  await addFlowRunner(engine, { from: image, image: extended, platform: wanted.platform }, observer);
  return { image: extended, user };
}

/** @returns the name of an image that is here */
async function wantedImage(
  engine: Engine,
  wanted: Wanted,
  manifests: readonly Manifest[],
  temporary: string[],
  observer: ImageObserver,
): Promise<string> {
  const { baseImage, dockerfile, platform } = wanted;
  if (baseImage?.startsWith("sha256:")) {
    // BuildKit takes an id for the name of a repository on the public hub.
    const image = temporaryName(temporary);
    await tagImage(engine, baseImage, image);
    return image;
  }
  if (baseImage !== null) {
    await givenImage(engine, baseImage, wanted, observer);
    return baseImage;
  }
  if (dockerfile === null) {
    return ownImage(engine, wanted, majorOf(manifests[0]?.node ?? process.versions.node), observer);
  }
  const image = temporaryName(temporary);
  await buildDockerfile(engine, { file: dockerfile, image, platform }, observer);
  return image;
}

function temporaryName(temporary: string[]): string {
  const name = `flow-runner-base:${randomUUID()}`;
  temporary.push(name);
  return name;
}

async function buildDockerfile(
  engine: Engine,
  { file, image, platform }: { readonly file: string; readonly image: string; readonly platform: string | null },
  observer: ImageObserver,
): Promise<void> {
  const { name, files } = await authorDockerfile(file);
  observer({ type: "notice", level: "info", message: `Building ${name}, which the image starts from.` });
  const context = await packContext(files);
  await buildByEngine(engine, { image, context, dockerfile: name, platform }, observer);
}
