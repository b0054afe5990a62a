import { ExitCode } from "../../errors/index.ts";
import { describeArtifact, flowFile } from "../../run/describe.ts";
import { registerStored } from "../../run/register/register.ts";
import { saveFlow } from "../../run/save.ts";
import { accessFor } from "../access.ts";
import type { RegisterOptions } from "../options.ts";
import { moduleOutput } from "./module-output.ts";

/** `register FILE`: prints the id of each flow that was registered, one a line. A source is saved first. */
export async function registerCommand(file: string, options: RegisterOptions): Promise<number> {
  const { project, createProject, image, flow } = options;
  const access = await accessFor(options, process.env);
  const saved = flowFile(file).source ? (await saveFlow(file)).path : file;
  const { path, digest, flows } = await describeArtifact(saved, { flow, log: moduleOutput });
  for (const graph of flows) {
    const stored = { name: graph.name, path, digest };
    const registered = await registerStored(graph, stored, access, {
      project,
      createProject,
      ...(image === undefined ? {} : { image }),
    });
    process.stdout.write(`${registered.flowId}\n`);
  }
  return ExitCode.ok;
}
