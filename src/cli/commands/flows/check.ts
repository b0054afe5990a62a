import type { Finding } from "../../../checks/index.ts";
import { ExitCode } from "../../../errors/index.ts";
import { checkFile } from "../../../run/check.ts";
import type { CheckFlags } from "../../options/flow-options.ts";
import { paintFor } from "../../terminal/paint.ts";
import { printable } from "../../terminal/words.ts";
import { moduleOutput } from "./module-output.ts";

const colours = { ok: "green", warning: "yellow", error: "red" } as const;

/** `check FILE`: one line for each finding; exit code 3 when the flow cannot be loaded, 1 for another error. */
export async function checkCommand(file: string, { flow, json, ignore }: CheckFlags): Promise<number> {
  const findings = await checkFile(file, { flow, ignore, log: moduleOutput });
  if (json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else for (const finding of findings) process.stdout.write(`${findingLine(finding)}\n`);
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.some(({ check }) => check === "load")) return ExitCode.flow;
  return errors.length > 0 ? ExitCode.failed : ExitCode.ok;
}

function findingLine({ check, level, flow, message, gotcha }: Finding): string {
  const label = paintFor(process.stdout)(colours[level], level.padEnd(7));
  const name = gotcha === undefined ? "" : ` [${gotcha}]`;
  return `${label} ${check}${flow === null ? "" : ` (${printable(flow)})`}: ${printable(message)}${name}`;
}
