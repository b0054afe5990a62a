import { ExitCode } from "../../../errors/index.ts";
import { saveFlow } from "../../../run/save.ts";
import type { SaveFlags } from "../../options/flow-options.ts";
import { printResult } from "../../terminal/print-result.ts";

/** `save ENTRY`: prints the artifact's path. */
export async function saveCommand(entry: string, { output, json }: SaveFlags): Promise<number> {
  const { path, digest } = await saveFlow(entry, output);
  printResult(json, { path, digest }, path);
  return ExitCode.ok;
}
