import { basename, dirname } from "node:path";
import { FlowRunnerError } from "../../errors/index.ts";

/** Where a registered flow's artifact lies, in Prefect's form, and its digest, which is ours. */
export interface StorageForm {
  readonly type: "Docker" | "Local";
  /** The artifact's path by flow name. */
  readonly flows: Readonly<Record<string, string>>;
  /** The artifact's sha256 by flow name: the host refuses to load anything else. */
  readonly digests: Readonly<Record<string, string>>;
  readonly [option: string]: unknown;
}

/** One saved flow. */
export interface StoredFlow {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly digest: string;
}

/** Where Prefect 0.7 puts flows in an image: the home folder of root. */
const imageFolder = "/root/.prefect";

/** A file on this machine, for agents and people that run flows here. */
export function localStorage({ name, path, digest }: StoredFlow): StorageForm {
  return { type: "Local", directory: dirname(path), secrets: [], flows: { [name]: path }, digests: { [name]: digest } };
}

/**
 * An image that holds the artifact under its own file name in `/root/.prefect/`.
 *
 * @param image `registry:5000/team/weather:1.2`; without a tag it is `latest`.
 * @throws FlowRunnerError `IMAGE_REFERENCE_INVALID`
 */
export function imageStorage({ name, path, digest }: StoredFlow, image: string): StorageForm {
  const { registry, repository, tag } = parseImage(image);
  return dockerStorage({
    registryUrl: registry,
    imageName: repository,
    imageTag: tag,
    flows: { [name]: `${imageFolder}/${basename(path)}` },
    digests: { [name]: digest },
  });
}

/** An image in its parts, and the flows that it holds. */
export function dockerStorage(image: {
  readonly registryUrl: string | null;
  readonly imageName: string;
  readonly imageTag: string;
  readonly flows: StorageForm["flows"];
  readonly digests: StorageForm["digests"];
}): StorageForm {
  return {
    type: "Docker",
    registry_url: image.registryUrl,
    image_name: image.imageName,
    image_tag: image.imageTag,
    secrets: [],
    flows: image.flows,
    digests: image.digests,
  };
}

/** Docker's rule: the first part is a registry when it has a dot or a port, or is `localhost`. */
function parseImage(image: string): { registry: string | null; repository: string; tag: string } {
  const [, name, tag = "latest"] =
    /^([a-z0-9][a-z0-9._\-/]*(?::\d+\/[a-z0-9._\-/]+)?)(?::([\w][\w.-]{0,127}))?$/.exec(image) ?? [];
  if (name === undefined) throw new FlowRunnerError("IMAGE_REFERENCE_INVALID", { image });
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isRegistry = first === "localhost" || /[.:]/.test(first);
  return isRegistry
    ? { registry: first, repository: name.slice(slash + 1), tag }
    : { registry: null, repository: name, tag };
}
