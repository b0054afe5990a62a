import { ExitCode } from "../../../errors/index.ts";
import { findRun } from "../../../run/operate/find-run.ts";
import { withRunsApi } from "../../../run/register/with-api.ts";
import { accessFor } from "../../options/access.ts";
import type { OperateFlags } from "../../options/shared-options.ts";
import { printResult } from "../../terminal/print-result.ts";

/** `cancel RUN`: prints the state that the run is then in. */
export async function cancelCommand(run: string, options: OperateFlags): Promise<number> {
  const result = await withRunsApi(await accessFor(options, process.env), async (api) => {
    const { id, name } = await findRun(api, run);
    await api.cancelFlowRun(id);
    const { state } = await api.flowRunState(id);
    return { id, name, state: state.type };
  });
  const { id, name, state } = result;
  printResult(options.json, result, `Flow run ${name} (${id}) is ${state}.`);
  return ExitCode.ok;
}
