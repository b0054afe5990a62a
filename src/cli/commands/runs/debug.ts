import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import { firstFailure } from "../../../run/operate/debug/first-failure.ts";
import { runAgainHere } from "../../../run/operate/debug/run-again-here.ts";
import { sourceLines } from "../../../run/operate/debug/source-lines.ts";
import { findRun } from "../../../run/operate/find-run.ts";
import { withRunsApi } from "../../../run/register/with-api.ts";
import { isFailed } from "../../../state/index.ts";
import { accessFor } from "../../access.ts";
import { interruptedExitCode, interruptSignal } from "../../interrupt.ts";
import type { DebugFlags } from "../../options.ts";
import { debugReport } from "../../terminal/debug-report.ts";
import { paintFor } from "../../terminal/paint.ts";
import { runOutput } from "../../terminal/run-output.ts";

/** `debug RUN`: shows the run; with `--task` or `--from` runs a part of it again. */
export async function debugCommand(run: string, options: DebugFlags): Promise<number> {
  const { task, from } = options;
  if (task !== undefined && from !== undefined) throw new FlowRunnerError("DEBUG_OPTIONS_EXCLUDE", {});
  const wanted = task ?? from;
  return wanted === undefined ? show(run, options) : runAgain(run, wanted, options);
}

/** So many of the last lines of the task run that failed first are shown. */
const logLines = 20;

async function show(run: string, options: DebugFlags): Promise<number> {
  const story = await withRunsApi(await accessFor(options, process.env), async (api) => {
    const found = await findRun(api, run);
    const [taskRuns, log] = await Promise.all([api.taskRuns(found.id), api.logLines(found.id)]);
    const failure = firstFailure(taskRuns);
    const ofFailure = failure === null ? [] : log.filter(({ task }) => task?.runId === failure.id);
    const trace = [failure?.state.message ?? "", ...ofFailure.map(({ message }) => message)].join("\n");
    const source = await sourceLines(trace, process.cwd());
    return { run: found, taskRuns, failure, log: ofFailure.slice(-logLines), source };
  });
  const report = options.json
    ? JSON.stringify(story, null, 2)
    : await debugReport(story, { paint: paintFor(process.stdout), columns: process.stdout.columns ?? 100 });
  process.stdout.write(`${report}\n`);
  return ExitCode.ok;
}

async function runAgain(run: string, wanted: string, options: DebugFlags): Promise<number> {
  const signal = interruptSignal();
  const output = runOutput(options);
  let failed = false;
  let over = false;
  try {
    const { file } = await withRunsApi(await accessFor(options, process.env), (api) =>
      runAgainHere(api, run, {
        task: wanted,
        downstream: options.from !== undefined,
        artifact: options.artifact,
        remake: options.remake,
        observer: {
          // The flow run itself does not go on, whatever its reference tasks would say.
          onLog: (record) => {
            if (record.name !== "prefect.FlowRunner") output.observer.onLog?.(record);
          },
          onTaskState: (entry, state) => {
            failed ||= isFailed(state);
            output.observer.onTaskState?.(entry, state);
          },
        },
        loaded: (graph) => output.plan(graph),
        signal,
      }),
    );
    over = true;
    process.stderr.write(`flow-runner: ${wanted} ran here with the code of ${file}; the API was told nothing.\n`);
  } finally {
    await output.close(over);
  }
  if (signal.aborted) return interruptedExitCode(signal);
  return failed ? ExitCode.failed : ExitCode.ok;
}
