import { FlowRunnerError } from "../../errors/index.ts";
import { type Engine, reasonOf } from "../engine/connect.ts";
import { pullImage } from "../engine/transfer.ts";
import type { ImageObserver } from "../events.ts";
import type { DockerSettings } from "../settings.ts";

/**
 * A base image by its name: the newest of it, or the copy here when its registry is out of reach.
 *
 * @throws FlowRunnerError `IMAGE_PULL_FAILED`, `ENGINE_NO_SPACE`, `CREDENTIALS_UNREADABLE`
 */
export async function givenImage(
  engine: Engine,
  image: string,
  { localImage, platform }: Pick<DockerSettings, "localImage" | "platform">,
  observer: ImageObserver,
): Promise<void> {
  if (localImage) {
    if (await isHere(engine, image)) return;
    const reason = "it is not on this machine, and localImage is set";
    throw new FlowRunnerError("IMAGE_PULL_FAILED", { image, reason });
  }
  try {
    await pullImage(engine, image, platform, observer);
  } catch (error) {
    if (!(error instanceof FlowRunnerError) || error.code !== "IMAGE_PULL_FAILED" || !(await isHere(engine, image)))
      throw error;
    const message = `${image} could not be pulled afresh; the copy on this machine is used.`;
    observer({ type: "notice", level: "warning", message });
  }
}

export function isHere(engine: Engine, image: string): Promise<boolean> {
  return engine
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

/** Gives an image of this machine a name, by its id: that names nothing which could be pulled. */
export async function tagImage(engine: Engine, id: string, name: string): Promise<void> {
  const [repo = name, tag = "latest"] = name.split(":");
  await engine
    .getImage(id)
    .tag({ repo, tag })
    .catch((error: unknown) => {
      throw new FlowRunnerError("IMAGE_PULL_FAILED", { image: id, reason: reasonOf(error) }, { cause: error });
    });
}
