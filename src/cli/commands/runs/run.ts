import { ExitCode } from "../../../errors/index.ts";
import { isSuccessful } from "../../../state/index.ts";
import { interruptedExitCode, interruptSignal } from "../../interrupt.ts";
import type { RunOptions } from "../../options.ts";
import { readParameters } from "../../parameters.ts";
import { runOutput } from "../../terminal/run-output.ts";

/** `run FILE`: exit code 0 when the flow succeeded, 1 when it did not, 128 and the signal's number when interrupted. */
export async function runCommand(file: string, options: RunOptions): Promise<number> {
  const parameters = await readParameters(options.parameter, options.paramFile);
  const { runFile } = await import("../../../run/here/run-file.ts");
  const output = runOutput(options);
  const signal = interruptSignal();
  let over = false;
  try {
    const { state } = await runFile(file, {
      parameters,
      flow: options.flow,
      checkpointing: options.checkpoint,
      concurrency: options.concurrency,
      observer: output.observer,
      loaded: (graph) => output.plan(graph),
      signal,
    });
    over = true;
    if (isSuccessful(state)) return ExitCode.ok;
    return signal.aborted ? interruptedExitCode(signal) : ExitCode.failed;
  } catch (error) {
    // Ctrl-C ends the host, too, which may be about to load the flow.
    if (!signal.aborted) throw error;
    process.stderr.write("flow-runner: The flow was not run: it was told to stop.\n");
    return interruptedExitCode(signal);
  } finally {
    await output.close(over);
  }
}
