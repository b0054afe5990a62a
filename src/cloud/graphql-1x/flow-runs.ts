import { z } from "zod";
import { type State, toWireTime } from "../../state/index.ts";
import { fromWire1x } from "../../state/wire.ts";
import type { CachedStatesQuery, CallOptions, ChildRun, ChildrenQuery, FlowRunRequest } from "../api.ts";
import type { GraphqlClient } from "./graphql-client.ts";

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
    state: fromWire1x(serialized_state),
  }));
}

const cachedRows = z.array(z.object({ serialized_state: z.unknown() }));

/** Prefect 1.x: by the cache key or else by the task, newest first, at most 100. */
export async function fetchCachedStates(
  client: GraphqlClient,
  queries: readonly CachedStatesQuery[],
  options?: CallOptions,
): Promise<State[][]> {
  if (queries.length === 0) return [];
  const query = `query {\n${queries.map((each, at) => `q${at}: ${cachedField(each)}`).join("\n")}\n}`;
  const shape = z.object(Object.fromEntries(queries.map((_, at) => [`q${at}`, cachedRows])));
  const answer = await client.send({ operation: "the question about cached results", query }, shape, options);
  return Object.values(answer).map((rows) => rows.map(({ serialized_state }) => fromWire1x(serialized_state)));
}

function cachedField({ taskId, cacheKey, newerThan }: CachedStatesQuery): string {
  const where = [
    'state: { _eq: "Cached" }',
    cacheKey === null
      ? `task_id: { _eq: ${JSON.stringify(taskId)} }`
      : `cache_key: { _eq: ${JSON.stringify(cacheKey)} }`,
    `state_timestamp: { _gte: ${JSON.stringify(toWireTime(newerThan))} }`,
  ];
  return `task_run(where: { ${where.join(", ")} }, order_by: { state_timestamp: desc }, limit: 100) { serialized_state }`;
}

const createdAnswer = z.object({ create_flow_run: z.object({ id: z.string() }) });

export async function createFlowRun(client: GraphqlClient, request: FlowRunRequest): Promise<string> {
  const { flow, runConfig, labels, context, parameters } = request;
  const input = {
    ...("id" in flow ? { flow_id: flow.id } : { version_group_id: flow.versionGroupId }),
    // Sent twice when an answer is lost: with a key of its own, the second one finds the first one's run.
    idempotency_key: request.idempotencyKey ?? crypto.randomUUID(),
    ...(parameters === undefined ? {} : { parameters }),
    ...(context === undefined ? {} : { context }),
    ...(labels === undefined ? {} : { labels }),
    ...(runConfig === undefined ? {} : { run_config: runConfig }),
    ...(request.name === undefined ? {} : { flow_run_name: request.name }),
    ...(request.scheduledStartTime === undefined
      ? {}
      : { scheduled_start_time: toWireTime(request.scheduledStartTime) }),
  };
  const answer = await client.send(
    {
      operation: "the creation of a flow run",
      query: "mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }",
      variables: JSON.stringify({ input }),
    },
    createdAnswer,
  );
  return answer.create_flow_run.id;
}

const cancelAnswer = z.object({ cancel_flow_run: z.unknown() });

export async function cancelFlowRun(client: GraphqlClient, flowRunId: string): Promise<void> {
  const query = `mutation { cancel_flow_run(input: { flow_run_id: ${JSON.stringify(flowRunId)} }) { state } }`;
  await client.send({ operation: "the cancellation of a flow run", query }, cancelAnswer);
}
