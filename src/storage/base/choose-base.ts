import { randomUUID } from "node:crypto";
import { isCompatible } from "../../artifact/format/open-artifact.ts";
import type { Manifest } from "../../artifact/index.ts";
import { version } from "../../config/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { buildByEngine } from "../engine/build.ts";
import { type Engine, reasonOf } from "../engine/connect.ts";
import { packContext } from "../engine/pack-context.ts";
import { pullImage } from "../engine/transfer.ts";
import type { ImageObserver } from "../events.ts";
import { authorDockerfile } from "../plan/author-dockerfile.ts";
import type { DockerSettings } from "../settings.ts";
import { addFlowRunner } from "./add-flow-runner.ts";
import { type BaseFacts, probeBase } from "./probe.ts";

/** The image that a build starts from. */
export interface Base {
  /** What `FROM` names. */
  readonly image: string;
  readonly user: string;
  /** Names that were made for this build alone, to be taken away after it; layers stay as a cache. */
  readonly temporary: readonly string[];
}

/** The least major version of Node that flow-runner runs on. */
const leastNode = 26;

type Wanted = Pick<DockerSettings, "baseImage" | "dockerfile" | "localImage" | "platform" | "registryUrl">;

/**
 * Finds or makes the image to start from: the author's image or Dockerfile, else flow-runner's own for the Node that the
 * flows were saved with. flow-runner is built into one that has none; one that cannot run the flows is refused.
 *
 * @throws FlowRunnerError `BASE_IMAGE_WITHOUT_NODE`, `BASE_IMAGE_NODE_TOO_OLD`, `BASE_IMAGE_INCOMPATIBLE`,
 *   `BASE_IMAGE_UNUSABLE`, `DOCKERFILE_ENTRYPOINT`, `OWN_PACKAGE_NOT_BUILT`, and those of pulling and building
 */
export async function chooseBase(
  engine: Engine,
  wanted: Wanted,
  manifests: readonly Manifest[],
  observer: ImageObserver,
): Promise<Base> {
  const temporary: string[] = [];
  const named = async (): Promise<string> => {
    if (wanted.baseImage?.startsWith("sha256:")) {
      // BuildKit takes an id for the name of a repository on the public hub.
      const image = temporaryName();
      await tagImage(engine, wanted.baseImage, image);
      temporary.push(image);
      return image;
    }
    if (wanted.baseImage !== null) return given(engine, wanted.baseImage, wanted, observer);
    if (wanted.dockerfile === null) return ownImage(engine, wanted, majorOf(manifests[0]?.node), observer);
    const image = temporaryName();
    temporary.push(image);
    await buildDockerfile(engine, { file: wanted.dockerfile, image, platform: wanted.platform }, observer);
    return image;
  };
  const image = await named();
  const facts = await probeBase(engine, image);
  const name = wanted.baseImage ?? wanted.dockerfile ?? image;
  refuseUnfit(name, facts, manifests);
  sayMismatch(name, facts, manifests, observer);
  if (facts.flowRunner !== null) return { image, user: facts.user, temporary };

  observer({ type: "notice", level: "info", message: `${name} has no flow-runner; ${version} is put into it.` });
  const extended = temporaryName();
  await addFlowRunner(engine, { from: image, image: extended, platform: wanted.platform }, observer);
  return { image: extended, user: facts.user, temporary: [...temporary, extended] };
}

const temporaryName = (): string => `flow-runner-base:${randomUUID()}`;

/** An id names an image of this machine, and nothing that could be pulled. */
async function tagImage(engine: Engine, id: string, name: string): Promise<void> {
  const [repo = name, tag = "latest"] = name.split(":");
  await engine
    .getImage(id)
    .tag({ repo, tag })
    .catch((error: unknown) => {
      throw new FlowRunnerError("IMAGE_PULL_FAILED", { image: id, reason: reasonOf(error) }, { cause: error });
    });
}

/** A base image that the author names: the newest of it, or the copy here when its registry is out of reach. */
async function given(engine: Engine, image: string, wanted: Wanted, observer: ImageObserver): Promise<string> {
  if (wanted.localImage) {
    if (await isHere(engine, image)) return image;
    throw new FlowRunnerError("IMAGE_PULL_FAILED", {
      image,
      reason: "it is not on this machine, and localImage is set",
    });
  }
  try {
    await pullImage(engine, image, wanted.platform, observer);
  } catch (error) {
    if (!(error instanceof FlowRunnerError) || error.code !== "IMAGE_PULL_FAILED" || !(await isHere(engine, image)))
      throw error;
    const message = `${image} could not be pulled afresh; the copy on this machine is used.`;
    observer({ type: "notice", level: "warning", message });
  }
  return image;
}

/**
 * `flow-runner:<version>-node<major>`: the one on this machine, the team's own from the registry that is pushed to, else
 * made here from the official Node image. It is never pulled from the public hub, where the name may be anybody's.
 */
async function ownImage(engine: Engine, wanted: Wanted, major: number, observer: ImageObserver): Promise<string> {
  const own = `flow-runner:${version}-node${major}`;
  if (await isHere(engine, own)) return own;
  if (wanted.registryUrl !== null) {
    const shared = `${wanted.registryUrl}/${own}`;
    const pulled = await pullImage(engine, shared, wanted.platform, observer).then(
      () => true,
      () => false,
    );
    if (pulled) return shared;
  }
  const official = await given(engine, `node:${major}-bookworm-slim`, wanted, observer);
  const message = `There is no image ${own} here; it is made from ${official}.`;
  observer({ type: "notice", level: "info", message });
  await addFlowRunner(engine, { from: official, image: own, platform: wanted.platform }, observer);
  return own;
}

async function isHere(engine: Engine, image: string): Promise<boolean> {
  return engine
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
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

function refuseUnfit(image: string, { node, flowRunner }: BaseFacts, manifests: readonly Manifest[]): void {
  if (node === null) throw new FlowRunnerError("BASE_IMAGE_WITHOUT_NODE", { image });
  if (majorOf(node) < leastNode) {
    throw new FlowRunnerError("BASE_IMAGE_NODE_TOO_OLD", { image, node, needed: String(leastNode) });
  }
  const foreign = manifests.find((manifest) => flowRunner !== null && !isCompatible(manifest.flowRunner, flowRunner));
  if (foreign !== undefined && flowRunner !== null) {
    throw new FlowRunnerError("BASE_IMAGE_INCOMPATIBLE", { image, has: flowRunner, savedWith: foreign.flowRunner });
  }
}

function sayMismatch(
  image: string,
  { node }: BaseFacts,
  manifests: readonly Manifest[],
  observer: ImageObserver,
): void {
  const other = manifests.find((manifest) => node !== null && majorOf(manifest.node) !== majorOf(node));
  if (other === undefined) return;
  const message = `${image} has Node ${node}, and the flow was saved with Node ${other.node}: packages with native parts, and behaviour that changed between the two, may fail.`;
  observer({ type: "notice", level: "warning", message });
}

const majorOf = (node: string | undefined): number => Number((node ?? process.versions.node).split(".")[0]);
