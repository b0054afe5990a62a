import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import { deployArtifacts } from "../../../run/deploy/deploy.ts";
import { withArtifacts } from "../../../run/deploy/image-artifacts.ts";
import { describeArtifact } from "../../../run/describe.ts";
import { accessFor, prefect3 } from "../../options/access.ts";
import { dockerStorage, inFolder } from "../../options/docker-storage.ts";
import type { DeployFlags } from "../../options/image-options.ts";
import { imageProgress } from "../../terminal/output/live/image-progress.ts";
import { printResult } from "../../terminal/print-result.ts";
import { deployToPrefect3Command } from "./deploy-to-prefect3.ts";
import { moduleOutput } from "./module-output.ts";

/**
 * `deploy FILE... --project NAME`: prints the id of each flow that was registered, one a line; with `--work-pool` that of
 * each deployment of Prefect 3.
 */
export async function deployCommand(files: readonly string[], options: DeployFlags): Promise<number> {
  if (options.api === prefect3 || options.workPool !== undefined) return deployToPrefect3Command(files, options);
  const { project, createProject, directory, push, keep, strict } = options;
  if (project === undefined) throw new FlowRunnerError("DEPLOY_TARGET_MISSING", {});
  const where = directory === undefined ? { storage: dockerStorage(options) } : inFolder(directory, options);
  const access = await accessFor(options, process.env);
  const progress = await imageProgress(process.stderr);
  try {
    const { registrations } = await withArtifacts(files, async (artifacts) => {
      const graphs = [];
      for (const { path } of artifacts) graphs.push(...(await describeArtifact(path, { log: moduleOutput })).flows);
      const { observer } = progress;
      return deployArtifacts(artifacts, graphs, access, {
        project,
        createProject,
        ...where,
        push,
        keep,
        strict,
        observer,
      });
    });
    progress.close();
    for (const { flowId, name, version } of registrations)
      printResult(options.json, { flowId, name, project, version }, flowId);
    return ExitCode.ok;
  } finally {
    progress.close();
  }
}
