import { ExitCode } from "../../errors/index.ts";
import { describeFile } from "../../run/describe.ts";
import type { InspectOptions } from "../options.ts";
import { inspection } from "./inspection.ts";
import { moduleOutput } from "./module-output.ts";

/** `inspect FILE`: the manifest, and the tasks, edges and parameters of every flow. */
export async function inspectCommand(file: string, { flow, json }: InspectOptions): Promise<number> {
  const { path, manifest, digest, flows } = await describeFile(file, { flow, log: moduleOutput });
  const described = { path, digest, manifest, flows };
  process.stdout.write(json ? `${JSON.stringify(described, null, 2)}\n` : inspection(described));
  return ExitCode.ok;
}
