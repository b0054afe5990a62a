import { ExitCode } from "../../../errors/index.ts";
import { saveFlow } from "../../../run/save.ts";
import type { SaveOptions } from "../../options.ts";

/** `save ENTRY`: prints the artifact's path. */
export async function saveCommand(entry: string, { output }: SaveOptions): Promise<number> {
  const { path } = await saveFlow(entry, output);
  process.stdout.write(`${path}\n`);
  return ExitCode.ok;
}
