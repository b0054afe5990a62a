import { hash } from "node:crypto";
import { z } from "zod";
import type { State } from "../../../state/index.ts";
import type { WireState3 } from "../../../state/wire/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import { cachedStateOf } from "./cached-row.ts";

/**
 * Results under a key that the tasks of several flows share. No question for task runs finds a key, so each is also an artifact
 * of type `result`, which the pages do not list, under a key of its own.
 */
export interface KeyedResult {
  readonly cacheKey: string;
  readonly state: WireState3;
  readonly flowRunId: string;
  readonly taskRunId: string;
}

const nameOf = (cacheKey: string): string => `cache-${hash("sha256", cacheKey).slice(0, 40)}`;

/** Of one key. */
const newest = 20;

/** @throws FlowRunnerError those of `RestClient` */
export async function keepKeyedResult(
  client: RestClient,
  { cacheKey, state, flowRunId, taskRunId }: KeyedResult,
  options?: CallOptions,
): Promise<void> {
  await client.send(
    {
      operation: "the note of a cached result",
      method: "POST",
      path: "/artifacts/",
      body: {
        key: nameOf(cacheKey),
        type: "result",
        description: `Cached result of key ${JSON.stringify(cacheKey)}`,
        data: state,
        flow_run_id: flowRunId,
        task_run_id: taskRunId,
      },
      shape: z.unknown(),
    },
    options,
  );
}

/** Newest first. @throws FlowRunnerError those of `RestClient` */
export async function resultsOfKey(
  client: RestClient,
  cacheKey: string,
  options?: CallOptions,
): Promise<readonly State[]> {
  const rows = await client.send(
    {
      operation: "the question for cached results",
      method: "POST",
      path: "/artifacts/filter",
      body: {
        artifacts: { key: { any_: [nameOf(cacheKey)] }, type: { any_: ["result"] } },
        sort: "CREATED_DESC",
        limit: newest,
      },
      shape: z.array(z.object({ id: z.string(), data: z.unknown() })),
    },
    options,
  );
  return rows.flatMap(({ id, data }) => cachedStateOf(data, `artifact ${id}`) ?? []);
}
