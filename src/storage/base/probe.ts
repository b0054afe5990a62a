import { text } from "node:stream/consumers";
import { FlowRunnerError } from "../../errors/index.ts";
import { type Engine, engineError, reasonOf } from "../engine/connect.ts";

/** What an image to start from has. */
export interface BaseFacts {
  /** Its name, or its id. */
  readonly image: string;
  /** Its user; empty: root. */
  readonly user: string;
  /** Node's version without `v`; null: it has none. */
  readonly node: string | null;
  /** flow-runner's version; null: it has none. */
  readonly flowRunner: string | null;
}

const questions = "echo node=$(node --version 2>/dev/null); echo flow-runner=$(flow-runner --version 2>/dev/null)";

/**
 * Asks an image that is on this machine what it has, by starting it once.
 *
 * @throws FlowRunnerError `BASE_IMAGE_UNUSABLE` where it cannot even start a shell
 */
export async function probeBase(engine: Engine, image: string): Promise<BaseFacts> {
  const { Config } = await engine
    .getImage(image)
    .inspect()
    .catch((error: unknown) => {
      throw engineError(`look at the image ${image}`, error);
    });
  const told = await askContainer(engine, image).catch((error: unknown) => {
    throw new FlowRunnerError("BASE_IMAGE_UNUSABLE", { image, reason: reasonOf(error) }, { cause: error });
  });
  const [, node = ""] = /^node=v?([\w.-]*)/m.exec(told) ?? [];
  const [, flowRunner = ""] = /^flow-runner=([\w.-]*)/m.exec(told) ?? [];
  return { image, user: Config?.User ?? "", node: node || null, flowRunner: flowRunner || null };
}

async function askContainer(engine: Engine, image: string): Promise<string> {
  const container = await engine.createContainer({
    Image: image,
    Entrypoint: ["/bin/sh", "-c"],
    Cmd: [questions],
    // Output without the frames that tell stdout from stderr.
    Tty: true,
    HostConfig: { NetworkMode: "none" },
  });
  try {
    const output = await container.attach({ stream: true, stdout: true });
    const read = text(output);
    await container.start();
    return await read;
  } finally {
    await container.remove({ force: true });
  }
}
