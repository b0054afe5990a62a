import type { RunsApi, TaskRunRow } from "../../port/runs-api.ts";
import type { RestClient } from "../client/rest-client.ts";
import { type Prefect3ApiOptions, prefect3Api } from "../prefect3-api.ts";
import { recordedTaskRuns } from "../task-runs/recorded-task-runs.ts";
import { fetchFlowRuns } from "./flow-run-rows.ts";
import { fetchLogLines } from "./log-lines.ts";
import { reopen } from "./reopen.ts";
import { edgeRows, taskRunRows } from "./task-run-rows.ts";

/** What a person asks with, over REST, of an API of Prefect 3. */
export function prefect3RunsApi(client: RestClient, options: Prefect3ApiOptions): RunsApi {
  const api = prefect3Api(client, options);
  const known = new Map<string, TaskRunRow>();
  const look = async (flowRunId: string) => {
    const recorded = await recordedTaskRuns(client, flowRunId);
    const taskRuns = taskRunRows(recorded);
    for (const row of taskRuns) known.set(row.id, row);
    return { recorded, taskRuns };
  };
  return {
    ...api,
    flowRuns: (query) => fetchFlowRuns(client, query),
    taskRuns: async (flowRunId) => (await look(flowRunId)).taskRuns,
    taskGraph: async ({ id }) => {
      const { recorded, taskRuns } = await look(id);
      return { taskRuns, edges: edgeRows(recorded, taskRuns) };
    },
    logLines: (flowRunId, query) => {
      // A log that is followed is asked for every second: its task runs only when there are new ones.
      const taskRunsOf = async (ids: ReadonlySet<string>) => {
        if ([...ids].some((id) => !known.has(id))) await look(flowRunId);
        return known;
      };
      return fetchLogLines(client, flowRunId, taskRunsOf, query);
    },
    submit: (batch) => reopen(client, api, batch),
  };
}
