import { statSync } from "node:fs";
import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { RunSurroundings } from "./launch-settings.ts";

const runConfigSchema = z.looseObject({
  type: z.string(),
  env: z.record(z.string(), z.coerce.string()).nullish(),
  working_dir: z.string().nullish(),
});

/** Prefect: UniversalRun is for every agent, LocalRun for the local one. */
const supported = ["UniversalRun", "LocalRun"];

/**
 * What a run config asks of a process on this machine.
 *
 * @throws FlowRunnerError `RUN_CONFIG_UNREADABLE`, `RUN_CONFIG_UNSUPPORTED`, `WORKING_FOLDER_MISSING`
 */
export function runSurroundings(runConfig: unknown): RunSurroundings {
  if (runConfig === null || runConfig === undefined) return { env: {}, workingFolder: null };
  const parsed = runConfigSchema.safeParse(runConfig);
  if (!parsed.success) throw new FlowRunnerError("RUN_CONFIG_UNREADABLE", { reason: z.prettifyError(parsed.error) });
  const { type, env, working_dir: folder } = parsed.data;
  if (!supported.includes(type)) {
    throw new FlowRunnerError("RUN_CONFIG_UNSUPPORTED", { type, supported: supported.join(" and ") });
  }
  // A UniversalRun has no folder of its own.
  const workingFolder = type === "LocalRun" ? folder || null : null;
  if (workingFolder !== null && statSync(workingFolder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new FlowRunnerError("WORKING_FOLDER_MISSING", { folder: workingFolder });
  }
  return { env: env ?? {}, workingFolder };
}
