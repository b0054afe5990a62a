import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import { deliver } from "../../../run/deliver.ts";
import { accessFor } from "../../options/access.ts";
import type { OperateFlags } from "../../options/shared-options.ts";
import { printResult } from "../../terminal/print-result.ts";

/** `deliver FILE...`: says of each file what the API has of it now. A line that the API does not take stays where it is. */
export async function deliverCommand(files: readonly string[], options: OperateFlags): Promise<number> {
  const access = await accessFor(options, process.env);
  for (const file of files) {
    const { states, logs, left, reasons } = await deliver(file, access);
    const text = `${file}: the API has ${count(states, "state")} and ${count(logs, "log line")} of it`;
    printResult(options.json, { file, states, logs, left }, text);
    if (left > 0) throw new FlowRunnerError("KEPT_FILE_LEFT", { file, left, reasons });
  }
  return ExitCode.ok;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
