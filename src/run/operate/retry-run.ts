import type { RunsApi } from "../../cloud/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { isFinished, makeState, unwrap } from "../../state/index.ts";
import { findRun } from "./find-run.ts";
import { type SetBackRun, setBack } from "./set-back.ts";

/**
 * Has a flow run that failed or was cancelled go on: what failed, and what followed from it, runs again, everything else
 * keeps its result. The run is Scheduled, and an agent starts it.
 *
 * @throws FlowRunnerError `FLOW_RUN_UNKNOWN`, `FLOW_RUN_UNSTARTABLE`, `FLOW_RUN_UNFINISHED`, `NOTHING_TO_RETRY`, `FLOW_RUN_CHANGED`, and those
 *   of the API
 */
export async function retryRun(api: RunsApi, idOrName: string): Promise<SetBackRun> {
  const run = await findRun(api, idOrName);
  if (run.unstartable === true) throw new FlowRunnerError("FLOW_RUN_UNSTARTABLE", { run: run.name });
  const held = await api.flowRunState(run.id);
  const { type } = unwrap(held.state);
  if (!isFinished(unwrap(held.state))) throw new FlowRunnerError("FLOW_RUN_UNFINISHED", { run: run.name, state: type });
  return setBack(api, run, held, {
    word: "Retried by hand",
    flowState: (message) => makeState("Scheduled", message, { startTime: Date.now() }),
  });
}
