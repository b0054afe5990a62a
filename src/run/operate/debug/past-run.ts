import type { FlowRunInfo, FlowRunRow, RunsApi, TaskGraph } from "../../../cloud/index.ts";
import { findRun } from "../find-run.ts";

/** A flow run as its API holds it. */
export interface PastRun extends TaskGraph {
  readonly run: FlowRunRow;
  readonly info: FlowRunInfo;
}

/** @throws FlowRunnerError `FLOW_RUN_UNKNOWN`, and those of the API */
export async function fetchPastRun(api: RunsApi, idOrName: string): Promise<PastRun> {
  const run = await findRun(api, idOrName);
  const [info, graph] = await Promise.all([api.flowRunInfo(run.id), api.taskGraph(run)]);
  return { run, info, ...graph };
}
