import { ExitCode } from "../../../errors/index.ts";
import { createRun } from "../../../run/register/create-run.ts";
import { accessFor } from "../../access.ts";
import type { CreateRunOptions } from "../../options.ts";
import { readParameters } from "../../parameters.ts";

/** `create-run FLOW`: prints the flow run's id. */
export async function createRunCommand(flow: string, options: CreateRunOptions): Promise<number> {
  const parameters = await readParameters(options.parameter, options.paramFile);
  const id = await createRun(flow, await accessFor(options, process.env), {
    parameters,
    project: options.project ?? null,
    ...(options.name === undefined ? {} : { name: options.name }),
  });
  process.stdout.write(`${id}\n`);
  return ExitCode.ok;
}
