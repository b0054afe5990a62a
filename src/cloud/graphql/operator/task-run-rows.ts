import { z } from "zod";
import { allPages } from "../../all-pages.ts";
import type { EdgeRow, TaskRunRow } from "../../port/runs-api.ts";
import { timeColumn } from "../../time-column.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { rowsAtOnce } from "./rows-at-once.ts";

const row = z.object({
  id: z.string(),
  version: z.number(),
  map_index: z.number(),
  serialized_state: z.unknown(),
  start_time: timeColumn,
  end_time: timeColumn,
  task: z.object({ id: z.string(), name: z.string().nullish(), slug: z.string() }),
});
const answer = z.object({ task_run: z.array(row) });

/** See `RunsApi.taskRuns`. */
export async function fetchTaskRuns(client: GraphqlClient, flowRunId: string): Promise<TaskRunRow[]> {
  const rows = await allPages(rowsAtOnce, async (offset, limit) => {
    const where = `where: { flow_run_id: { _eq: ${JSON.stringify(flowRunId)} } }`;
    const document = {
      operation: "the question about task runs",
      query: `query { task_run(${where}, order_by: [{ map_index: asc }, { id: asc }], limit: ${limit}, offset: ${offset}) { id version map_index serialized_state start_time end_time task { id name slug } } }`,
    };
    return (await client.send(document, answer)).task_run;
  });
  return rows.map((run) => ({
    id: run.id,
    version: run.version,
    state: client.dialect.readState(run.serialized_state, `task run ${run.id} (${run.task.slug})`),
    task: { id: run.task.id, name: run.task.name ?? run.task.slug, slug: run.task.slug },
    mapIndex: run.map_index < 0 ? null : run.map_index,
    started: run.start_time,
    ended: run.end_time,
  }));
}

const edgeRow = z.object({
  upstream_task_id: z.string(),
  downstream_task_id: z.string(),
  mapped: z.boolean().nullish(),
});
const edgesAnswer = z.object({ edge: z.array(edgeRow) });

/** See `RunsApi.taskGraph`. */
export async function fetchEdges(client: GraphqlClient, flowId: string): Promise<EdgeRow[]> {
  const rows = await allPages(rowsAtOnce, async (offset, limit) => {
    const where = `where: { flow_id: { _eq: ${JSON.stringify(flowId)} } }`;
    const document = {
      operation: "the question about a flow's edges",
      query: `query { edge(${where}, order_by: { id: asc }, limit: ${limit}, offset: ${offset}) { upstream_task_id downstream_task_id mapped } }`,
    };
    return (await client.send(document, edgesAnswer)).edge;
  });
  return rows.map((edge) => ({
    upstream: edge.upstream_task_id,
    downstream: edge.downstream_task_id,
    mapped: edge.mapped ?? false,
  }));
}
