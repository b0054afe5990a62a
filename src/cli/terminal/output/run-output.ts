import { parseAuthorEnvironment } from "../../../config/index.ts";
import type { OutputFlags } from "../../options/shared-options.ts";
import { openOutput, type RunOutput } from "./open-output.ts";

/** Where a command shows a run that goes on here: as its flags say, else as the environment does. */
export function runOutput(flags: OutputFlags): RunOutput {
  const config = parseAuthorEnvironment(process.env);
  return openOutput({
    format: flags.json ? "json" : (flags.format ?? config.outputFormat),
    level: flags.logLevel ?? config.logLevel,
    quiet: flags.quiet,
    stream: process.stdout,
    env: process.env,
  });
}
