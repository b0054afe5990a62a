import type { EdgeRow, FlowRunInfo, FlowRunRow, RunsApi, TaskRunRow } from "../../../cloud/index.ts";
import { findRun } from "../find-run.ts";

/** A flow run as its API holds it. */
export interface PastRun {
  readonly run: FlowRunRow;
  readonly info: FlowRunInfo;
  readonly taskRuns: readonly TaskRunRow[];
  readonly edges: readonly EdgeRow[];
}

/** @throws FlowRunnerError `FLOW_RUN_UNKNOWN`, and those of the API */
export async function fetchPastRun(api: RunsApi, idOrName: string): Promise<PastRun> {
  const run = await findRun(api, idOrName);
  const [info, taskRuns, edges] = await Promise.all([api.flowRunInfo(run.id), api.taskRuns(run.id), api.edges(run)]);
  return { run, info, taskRuns, edges };
}
