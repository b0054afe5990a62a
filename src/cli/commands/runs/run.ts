import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import { flowFile } from "../../../run/describe.ts";
import { isSuccessful, type State } from "../../../state/index.ts";
import { readParameters } from "../../options/parameters.ts";
import type { RunFlags } from "../../options/run-options.ts";
import { interruptedExitCode, interruptSignal } from "../../process/interrupt.ts";
import { atEachSave } from "./at-each-save.ts";
import { tracedOutput } from "./traced-output.ts";

/** `run FILE`: exit code 0 when the flow succeeded, 1 when it did not, 128 and the signal's number when interrupted. */
export async function runCommand(file: string, options: RunFlags): Promise<number> {
  const parameters = await readParameters(options.parameter, options.paramFile);
  const signal = interruptSignal();
  if (options.watch) {
    const { path, source } = flowFile(file);
    const allowed = "a source, which is saved again and again; an artifact is saved once";
    if (!source) throw new FlowRunnerError("OPTION_INVALID", { option: "--watch", value: file, allowed });
    await atEachSave(path, signal, (saved) => once(file, options, parameters, saved));
    return interruptedExitCode(signal);
  }
  try {
    if (isSuccessful(await once(file, options, parameters, signal))) return ExitCode.ok;
    return signal.aborted ? interruptedExitCode(signal) : ExitCode.failed;
  } catch (error) {
    // Ctrl-C ends the host, too, which may be about to load the flow.
    if (!signal.aborted) throw error;
    process.stderr.write("flow-runner: The flow was not run: it was told to stop.\n");
    return interruptedExitCode(signal);
  }
}

async function once(
  file: string,
  options: RunFlags,
  parameters: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<State> {
  const { runFile } = await import("../../../run/here/run-file.ts");
  const { onlyTasks } = await import("../../../run/here/only-tasks.ts");
  const output = await tracedOutput(options);
  const { observer, trace } = output;
  let over = false;
  try {
    const { state } = await runFile(file, {
      parameters,
      flow: options.flow,
      checkpointing: options.checkpoint,
      concurrency: options.concurrency,
      observer,
      ...(options.only.length === 0 ? {} : { prepare: (graph) => onlyTasks(graph, options.only) }),
      ...(trace === null ? {} : { used: (use) => trace.used(use) }),
      loaded: (graph) => output.plan(graph),
      signal,
    });
    over = true;
    return state;
  } finally {
    await output.close(over);
  }
}
