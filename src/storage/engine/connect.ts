import type Dockerode from "dockerode";
import { optionalPackage } from "../../config/optional-package.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";

export type Engine = Dockerode;

/**
 * Connects to the Docker engine, as the docker command finds it: `DOCKER_HOST` and its certificates, else the socket.
 *
 * @throws FlowRunnerError `ENGINE_UNREACHABLE`, `PACKAGE_NOT_INSTALLED`
 */
export async function connectEngine(): Promise<Engine> {
  const { default: Docker } = await optionalPackage("building and starting images", () => import("dockerode"));
  const address = process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
  try {
    const engine = new Docker();
    await engine.ping();
    return engine;
  } catch (error) {
    throw new FlowRunnerError("ENGINE_UNREACHABLE", { address, reason: reasonOf(error) }, { cause: error });
  }
}

/** The engine's own words, without the client's around them. */
export function reasonOf(error: unknown): string {
  const body = typeof error === "object" && error !== null && "json" in error ? error.json : null;
  const told = typeof body === "object" && body !== null && "message" in body ? String(body.message) : messageOf(error);
  return told.replace(/\.?\s*$/, "");
}

/** An error of the engine's as ours: a full disk has a cure of its own. */
export function engineError(what: string, error: unknown): FlowRunnerError {
  if (error instanceof FlowRunnerError) return error;
  const reason = reasonOf(error);
  return isFullDisk(reason)
    ? new FlowRunnerError("ENGINE_NO_SPACE", { what, reason }, { cause: error })
    : new FlowRunnerError("ENGINE_REFUSED", { what, reason }, { cause: error });
}

export const isFullDisk = (reason: string): boolean =>
  /no space left on device|ENOSPC|disk quota exceeded/i.test(reason);
