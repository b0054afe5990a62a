import { ExitCode } from "../../../errors/index.ts";
import { retryRun } from "../../../run/operate/retry-run.ts";
import { withRunsApi } from "../../../run/register/with-api.ts";
import { accessFor } from "../../options/access.ts";
import type { OperateFlags } from "../../options/shared-options.ts";
import { printResult } from "../../terminal/print-result.ts";
import { listedRuns, taskRunName } from "../../terminal/task-runs.ts";
import { countText } from "../../terminal/words.ts";

/** `retry RUN`: says what runs again. */
export async function retryCommand(run: string, options: OperateFlags): Promise<number> {
  const access = await accessFor(options, process.env);
  const { run: found, again, kept } = await withRunsApi(access, (api) => retryRun(api, run));
  const { id, name } = found;
  printResult(
    options.json,
    { id, name, again: again.map(taskRunName), kept },
    `Flow run ${name} (${id}) is scheduled: ${listedRuns(again)} again, ${countText(kept)} kept.`,
  );
  return ExitCode.ok;
}
