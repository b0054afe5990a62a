import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import type { BuildSecret } from "../docker.ts";
import type { ImageObserver } from "../events.ts";
import type { Build } from "./build.ts";
import { proxyArguments } from "./build.ts";
import { buildFailure } from "./build-failure.ts";
import { BuildProgress, isHeading } from "./build-progress.ts";
import { openBuildSecrets } from "./build-secrets.ts";

/**
 * Builds an image by the docker command with BuildKit, for what the engine's API cannot take: secrets that are there
 * while a step runs, and in no layer.
 *
 * @throws FlowRunnerError `DOCKER_CLI_FAILED`, `IMAGE_FILE_MISSING`, `STORAGE_OPTION_INVALID`, and those of
 *   `buildByEngine`
 */
export async function buildByClient(
  { image, context, platform, buildArguments = {} }: Build,
  secrets: Readonly<Record<string, BuildSecret>>,
  observer: ImageObserver,
): Promise<void> {
  const { flags, env, mask } = await openBuildSecrets(secrets, process.env);
  const given = { ...proxyArguments(process.env), ...buildArguments };
  const args = Object.entries(given).map(([name, value]) => `--build-arg=${name}=${value}`);
  const place = platform === null ? [] : [`--platform=${platform}`];
  const child = spawn("docker", ["build", "--progress=plain", `--tag=${image}`, ...place, ...args, ...flags, "-"], {
    env: { ...process.env, ...env, DOCKER_BUILDKIT: "1" },
    stdio: ["pipe", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const progress = new BuildProgress(observer);
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on("line", (text) => {
    const line = mask(text);
    if (/^(?:#\d+ )?(?:ERROR|error): |^failed to|BuildKit is enabled but/.test(line)) errors.push(line);
    // `#7 [3/9] RUN …` is a step's heading, `#7 0.412 text` what it wrote; all else is about BuildKit's own work.
    const said = /^#\d+ \d+\.\d+ (.*)$/.exec(line)?.[1];
    if (said !== undefined || isHeading(line)) progress.line(said ?? line);
  });
  child.stdin.on("error", () => {});
  context.pipe(child.stdin);
  const exitCode = await ended.catch((error: unknown) => {
    throw new FlowRunnerError("DOCKER_CLI_FAILED", { reason: messageOf(error) }, { cause: error });
  });
  if (exitCode === 0) return;
  const reason =
    errors.at(-1)?.replace(/^(?:#\d+ )?(?:ERROR|error): /, "") ?? `docker build ended with exit code ${exitCode}`;
  if (/buildx|BuildKit is enabled|unknown flag/i.test(reason))
    throw new FlowRunnerError("DOCKER_CLI_FAILED", { reason });
  throw buildFailure(image, reason, progress);
}
