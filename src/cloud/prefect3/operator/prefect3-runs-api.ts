import type { RunsApi, TaskRunRow } from "../../runs-api.ts";
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
  const taskRuns = async (flowRunId: string): Promise<TaskRunRow[]> => {
    const rows = taskRunRows(await recordedTaskRuns(client, flowRunId));
    for (const row of rows) known.set(row.id, row);
    return rows;
  };
  return {
    ...api,
    flowRuns: (query) => fetchFlowRuns(client, query),
    taskRuns,
    edges: async ({ id }) => edgeRows(await recordedTaskRuns(client, id)),
    logLines: (flowRunId, query) => {
      // A log that is followed is asked for every second: its task runs only when there are new ones.
      const taskRunsOf = async (ids: ReadonlySet<string>) => {
        if ([...ids].some((id) => !known.has(id))) await taskRuns(flowRunId);
        return known;
      };
      return fetchLogLines(client, flowRunId, taskRunsOf, query);
    },
    submit: (batch) => reopen(client, api, batch),
  };
}
