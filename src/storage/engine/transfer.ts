import { FlowRunnerError } from "../../errors/index.ts";
import type { ImageObserver } from "../events.ts";
import { type Engine, engineError, isFullDisk, reasonOf } from "./connect.ts";
import { findCredentials, registryOf } from "./credentials.ts";
import { type EngineMessage, engineMessages } from "./messages.ts";

type Action = "pull" | "push";

/**
 * Pulls an image, with the credentials of `docker login`.
 *
 * @throws FlowRunnerError `IMAGE_PULL_FAILED`, `ENGINE_NO_SPACE`, `CREDENTIALS_UNREADABLE`
 */
export async function pullImage(
  engine: Engine,
  image: string,
  platform: string | null,
  observer: ImageObserver,
): Promise<void> {
  const authconfig = await findCredentials(registryOf(image), process.env);
  try {
    const answer = await engine.pull(image, {
      ...(authconfig === null ? {} : { authconfig }),
      ...(platform === null ? {} : { platform }),
    });
    await follow("pull", answer, observer);
  } catch (error) {
    const reason = reasonOf(error);
    if (isFullDisk(reason)) throw engineError(`pull the image ${image}`, error);
    throw new FlowRunnerError("IMAGE_PULL_FAILED", { image, reason }, { cause: error });
  }
}

/**
 * Pushes an image; resolves with its digest in the registry (`sha256:…`).
 *
 * The engine itself tries again for a while when the registry fails in the middle.
 *
 * @throws FlowRunnerError `REGISTRY_REFUSED`, `REGISTRY_FAILED`, `CREDENTIALS_UNREADABLE`; the image is kept then
 */
export async function pushImage(engine: Engine, image: string, observer: ImageObserver): Promise<string | null> {
  const registry = registryOf(image);
  const authconfig = await findCredentials(registry, process.env);
  try {
    // Without any credentials the engine still wants to be told that there are none.
    const answer = await engine.getImage(image).push({ authconfig: authconfig ?? { username: "", password: "" } });
    return await follow("push", answer, observer);
  } catch (error) {
    const reason = reasonOf(error);
    const refused = /unauthorized|authentication required|denied|no basic auth|forbidden/i.test(reason);
    const code = refused ? "REGISTRY_REFUSED" : "REGISTRY_FAILED";
    throw new FlowRunnerError(code, { image, registry, reason }, { cause: error });
  }
}

/** Shows every layer's progress; resolves with the digest, where the registry told one. */
async function follow(action: Action, answer: NodeJS.ReadableStream, observer: ImageObserver): Promise<string | null> {
  let digest: string | null = null;
  for await (const message of engineMessages(answer)) {
    if (message.error !== undefined) throw new Error(message.error);
    digest = message.aux?.Digest ?? digest;
    show(action, message, observer);
  }
  return digest;
}

function show(action: Action, { id, status, progressDetail }: EngineMessage, observer: ImageObserver): void {
  if (id === undefined || status === undefined || !/^[0-9a-f]{12}$/.test(id)) return;
  const { current = null, total = null } = progressDetail ?? {};
  observer({ type: "layer", action, id, status, current, total });
}
