import type { Readable } from "node:stream";
import type { ImageObserver } from "../events.ts";
import { buildFailure } from "./build-failure.ts";
import { BuildProgress } from "./build-progress.ts";
import { type Engine, engineError } from "./connect.ts";
import { engineMessages } from "./messages.ts";

/** A build that the engine's API can do. */
export interface Build {
  readonly image: string;
  /** The context as a tar archive. */
  readonly context: Readable;
  readonly dockerfile?: string;
  readonly platform: string | null;
  readonly buildArguments?: Readonly<Record<string, string>>;
}

/** What Docker knows without being declared, and leaves out of the image: how a build gets out to the network. */
const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/**
 * Builds an image through the engine's API.
 *
 * Prefect 0.7 and 1.x look afterwards whether an image of that name is there, which an older one may be; the engine's
 * own word counts here.
 *
 * @throws FlowRunnerError `IMAGE_BUILD_FAILED`, `IMAGE_CHECK_FAILED`, `IMAGE_DEPENDENCIES_FAILED`, `ENGINE_NO_SPACE`,
 *   `ENGINE_REFUSED`
 */
export async function buildByEngine(engine: Engine, build: Build, observer: ImageObserver): Promise<void> {
  const { image, context, platform, buildArguments = {} } = build;
  const progress = new BuildProgress(observer);
  let built = false;
  try {
    const answer = await engine.buildImage(context, {
      t: image,
      dockerfile: build.dockerfile ?? "Dockerfile",
      rm: true,
      forcerm: true,
      buildargs: { ...proxyArguments(process.env), ...buildArguments },
      ...(platform === null ? {} : { platform }),
    });
    for await (const { stream, error, aux } of engineMessages(answer)) {
      for (const line of stream?.split("\n") ?? []) progress.line(line);
      if (error !== undefined) throw buildFailure(image, error.trim(), progress);
      built ||= aux?.ID !== undefined;
    }
  } catch (error) {
    // The context's own errors (a file that went away) come this way too.
    throw engineError(`build the image ${image}`, error);
  }
  if (!built) throw buildFailure(image, "the engine's answer broke off", progress);
}

export function proxyArguments(env: NodeJS.ProcessEnv): Record<string, string> {
  const named = proxyVariables.flatMap((name) => [name, name.toLowerCase()]);
  return Object.fromEntries(named.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
