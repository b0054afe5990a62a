import type { LogLine } from "../../../cloud/index.ts";
import { ExitCode } from "../../../errors/index.ts";
import { fullName } from "../../../graph/full-name.ts";
import { chosenTaskRuns, isOfAny } from "../../../run/operate/chosen-task-runs.ts";
import { findRun } from "../../../run/operate/find-run.ts";
import { followLog } from "../../../run/operate/follow-log.ts";
import { withRunsApi } from "../../../run/register/with-api.ts";
import { accessFor } from "../../options/access.ts";
import type { LogsFlags } from "../../options/run-options.ts";
import { interruptedExitCode, interruptSignal } from "../../process/interrupt.ts";
import { isShown, logLine } from "../../terminal/log-line.ts";
import { paintFor } from "../../terminal/paint.ts";

/** `logs RUN`: exit code 130 when `--follow` was interrupted. */
export async function logsCommand(run: string, options: LogsFlags): Promise<number> {
  const { follow, level, json } = options;
  const signal = interruptSignal();
  const paint = paintFor(process.stdout);
  await withRunsApi(await accessFor(options, process.env), async (api) => {
    const found = await findRun(api, run);
    const isOfTask =
      options.task === undefined ? null : isOfAny(chosenTaskRuns(await api.taskRuns(found.id), found, options.task));
    for await (const line of followLog(api, found, { follow, signal })) {
      if (!isShown(line.level, level) || isOfTask?.(line) === false) continue;
      process.stdout.write(`${json ? JSON.stringify(line) : logLine(recordOf(line), paint)}\n`);
    }
  });
  return signal.aborted ? interruptedExitCode(signal) : ExitCode.ok;
}

/** A line of a task is shown as a run's own log shows it: by the task's name and index. */
function recordOf({ time, level, name, message, task }: LogLine) {
  const source = task === null ? name : fullName(task.name, task.mapIndex);
  return { time, level, name: source, message, taskRunId: task?.runId ?? null };
}
