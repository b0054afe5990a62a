import { z } from "zod";
import type { CallOptions } from "../../port/call.ts";
import type { ChildRun, ChildrenQuery } from "../../port/held-state.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

const childrenAnswer = z.object({
  task_run: z.array(
    z.object({ id: z.string(), version: z.number(), map_index: z.number(), serialized_state: z.unknown() }),
  ),
});

export async function fetchChildren(
  client: GraphqlClient,
  { flowRunId, taskId, first, count }: ChildrenQuery,
  options?: CallOptions,
): Promise<ChildRun[]> {
  const where = [
    `flow_run_id: { _eq: ${JSON.stringify(flowRunId)} }`,
    `task_id: { _eq: ${JSON.stringify(taskId)} }`,
    `map_index: { _gte: ${first}, _lt: ${first + count} }`,
  ];
  const query = `query { task_run(where: { ${where.join(", ")} }) { id version map_index serialized_state } }`;
  const answer = await client.send(
    { operation: "the question about the children of a mapped task", query },
    childrenAnswer,
    options,
  );
  return answer.task_run.map(({ id, version, map_index, serialized_state }) => ({
    id,
    version,
    mapIndex: map_index,
    state: client.dialect.readState(serialized_state, `task run ${id}`),
  }));
}
