import { ExitCode } from "../../../errors/index.ts";
import { createDeployedRun } from "../../../run/prefect3/create-deployed-run.ts";
import { createRun } from "../../../run/register/create-run.ts";
import { accessFor } from "../../options/access.ts";
import { readParameters } from "../../options/parameters.ts";
import type { CreateRunFlags } from "../../options/run-options.ts";
import { printResult } from "../../terminal/print-result.ts";

/** `create-run FLOW`: prints the flow run's id. */
export async function createRunCommand(flow: string, options: CreateRunFlags): Promise<number> {
  const parameters = await readParameters(options.parameter, options.paramFile);
  const access = await accessFor(options, process.env);
  const run = { parameters, ...(options.name === undefined ? {} : { name: options.name }) };
  const id =
    access.dialect === "3"
      ? await createDeployedRun(flow, access, run)
      : await createRun(flow, access, { ...run, project: options.project ?? null });
  printResult(options.json, { id }, id);
  return ExitCode.ok;
}
