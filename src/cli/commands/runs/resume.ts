import { parseAuthorEnvironment } from "../../../config/index.ts";
import { ExitCode } from "../../../errors/index.ts";
import { type ResumeOptions, resumeRun } from "../../../run/operate/resume-run.ts";
import { isFinished, isSuccessful } from "../../../state/index.ts";
import { accessFor } from "../../options/access.ts";
import type { ResumeFlags } from "../../options/run-options.ts";
import { interruptedExitCode, interruptSignal } from "../../process/interrupt.ts";
import { listedRuns } from "../../terminal/task-runs.ts";
import { countText } from "../../terminal/words.ts";
import { concludeExecution } from "./execute.ts";
import { tracedOutput } from "./traced-output.ts";

/**
 * `resume RUN`: exit code 0 when the flow has succeeded, 1 when it has failed again.
 *
 * @param options.only - left out: all that failed, and what followed from it
 */
export async function resumeCommand(run: string, options: ResumeFlags & Pick<ResumeOptions, "only">): Promise<number> {
  const access = await accessFor(options, process.env);
  const signal = interruptSignal(parseAuthorEnvironment(process.env).stopGrace);
  const output = await tracedOutput(options);
  let over = false;
  const resumed = await resumeRun(access, run, {
    artifact: options.artifact,
    only: options.only,
    found: ({ run: { name, id }, again, kept }) =>
      void process.stderr.write(
        `flow-runner: Flow run ${name} (${id}) goes on here: ${listedRuns(again)} again, ${countText(kept)} kept.\n`,
      ),
    hooks: {
      observer: output.observer,
      trace: output.trace ?? undefined,
      signal,
      plan: (graph) => {
        over = true;
        output.plan(graph);
      },
    },
  }).finally(() => output.close(over));
  const exitCode = concludeExecution(resumed.run.id, resumed.outcome);
  if (signal.aborted) return interruptedExitCode(signal);
  const { state } = resumed.outcome;
  return isFinished(state) && !isSuccessful(state) ? ExitCode.failed : exitCode;
}
