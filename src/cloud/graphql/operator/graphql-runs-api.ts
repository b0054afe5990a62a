import type { RunsApi } from "../../port/runs-api.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { type GraphqlApiOptions, graphqlApi } from "../graphql-api.ts";
import { fetchFlowRuns } from "./flow-run-rows.ts";
import { fetchLogLines } from "./log-lines.ts";
import { fetchEdges, fetchTaskRuns } from "./task-run-rows.ts";

/** What a person asks with, in the dialect that the client speaks. */
export function graphqlRunsApi(client: GraphqlClient, options: GraphqlApiOptions): RunsApi {
  return {
    ...graphqlApi(client, options),
    flowRuns: (query) => fetchFlowRuns(client, query),
    taskRuns: (flowRunId) => fetchTaskRuns(client, flowRunId),
    taskGraph: async ({ id, flow }) => {
      const [taskRuns, edges] = await Promise.all([fetchTaskRuns(client, id), fetchEdges(client, flow.id)]);
      return { taskRuns, edges };
    },
    logLines: (flowRunId, query) => fetchLogLines(client, flowRunId, query),
  };
}
