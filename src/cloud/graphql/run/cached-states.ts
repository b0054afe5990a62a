import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { type State, toWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { CachedStatesQuery } from "../../port/held-state.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

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
  return Object.values(answer).map((rows) => rows.flatMap(({ serialized_state }) => usable(client, serialized_state)));
}

/** A state that is not readable is no candidate: the task can run. */
function usable({ dialect }: GraphqlClient, json: unknown): State[] {
  try {
    return [dialect.readState(json, "a cached task run")];
  } catch (error) {
    if (error instanceof FlowRunnerError) return [];
    throw error;
  }
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
