import { version } from "../../config/index.ts";
import type { Engine } from "../engine/connect.ts";
import { pullImage } from "../engine/transfer.ts";
import type { ImageObserver } from "../events.ts";
import type { DockerSettings } from "../settings.ts";
import { addFlowRunner } from "./add-flow-runner.ts";
import { givenImage, isHere } from "./given-image.ts";

/**
 * `flow-runner:<version>-node<major>`: the one on this machine, the team's own from the registry that is pushed to, else
 * made here from the official Node image. It is never pulled from the public hub, where the name may be anybody's.
 *
 * @param major Node's, with which the flows were saved.
 * @returns its name
 */
export async function ownImage(
  engine: Engine,
  wanted: Pick<DockerSettings, "localImage" | "platform" | "registryUrl">,
  major: number,
  observer: ImageObserver,
): Promise<string> {
  const { platform, registryUrl } = wanted;
  const name = `flow-runner:${version}-node${major}`;
  // An image for another platform under the plain name would be taken for this machine's by the next build.
  const own = platform === null ? name : `${name}-${platform.replaceAll("/", "-")}`;
  if (await isHere(engine, own)) return own;
  if (registryUrl !== null) {
    const shared = `${registryUrl}/${name}`;
    const pulled = await pullImage(engine, shared, platform, observer).then(
      () => true,
      () => false,
    );
    if (pulled) return shared;
  }
  const official = `node:${major}-bookworm-slim`;
  await givenImage(engine, official, wanted, observer);
  const message = `There is no image ${own} here; it is made from ${official}.`;
  observer({ type: "notice", level: "info", message });
  await addFlowRunner(engine, { from: official, image: own, platform }, observer);
  return own;
}
