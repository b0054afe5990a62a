import { FlowRunnerError } from "../../errors/index.ts";
import { checkCommand, installCommand } from "../plan/plan-image.ts";
import { type BuildProgress, commandOf } from "./build-progress.ts";
import { isFullDisk } from "./connect.ts";

/** Why a build failed, as the error whose cure fits: the flow's checks, its packages, the disk, or a step like any other. */
export function buildFailure(image: string, reason: string, { step, output }: BuildProgress): FlowRunnerError {
  const said = output.join("\n");
  if (isFullDisk(`${reason}\n${said}`)) {
    return new FlowRunnerError("ENGINE_NO_SPACE", { what: `build the image ${image}`, reason });
  }
  // In the words of the engine, of BuildKit, and of BuildKit before Docker 23. Any other reason is the engine's own trouble with the step, and none of what the step does.
  const stepFailed = /returned a non-zero code|did not complete successfully|executor failed running/.test(reason);
  if (!stepFailed) return new FlowRunnerError("IMAGE_BUILD_FAILED", { image, step, reason, output });
  const command = commandOf(step);
  if (command.startsWith(checkCommand)) return new FlowRunnerError("IMAGE_CHECK_FAILED", { image, output });
  if (command.startsWith(`${installCommand} `)) {
    return new FlowRunnerError("IMAGE_DEPENDENCIES_FAILED", { image, step, output });
  }
  return new FlowRunnerError("IMAGE_BUILD_FAILED", { image, step, reason, output });
}
