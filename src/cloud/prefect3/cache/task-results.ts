import type { TaskSpec } from "../../../graph/index.ts";
import type { State } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import { rowsAtOnce } from "../client/rows-at-once.ts";
import { filterTaskRuns } from "../task-runs/recorded-task-runs.ts";
import { cachedStateOf } from "./cached-row.ts";

/** A map over more items asks for the newest of them. */
const mostRows = 1_000;

/**
 * Results that earlier task runs of a task have kept for later ones, newest first, in all runs of its flow.
 *
 * @param newerThan - epoch milliseconds
 * @throws FlowRunnerError those of `RestClient`
 */
export async function resultsOfTask(
  client: RestClient,
  flowId: string,
  { slug, name }: Pick<TaskSpec, "slug" | "name">,
  newerThan: number,
  options?: CallOptions,
): Promise<readonly State[]> {
  const states = new Map<string, State>();
  for (let offset = 0; offset < mostRows; offset += rowsAtOnce) {
    const filter = {
      flows: { id: { any_: [flowId] } },
      task_runs: { name: { like_: `${name}-` }, state: { type: { any_: ["COMPLETED"] } } },
      sort: "END_TIME_DESC",
      limit: rowsAtOnce,
      offset,
    };
    const rows = await filterTaskRuns(client, filter, options);
    for (const { id, task_key, state } of rows) {
      const cached = task_key === slug ? cachedStateOf(state, `task run ${id}`) : null;
      const location = cached?.result?.location;
      if (cached !== null && location !== undefined && !states.has(location)) states.set(location, cached);
    }
    const oldest = rows.at(-1)?.end_time ?? null;
    if (rows.length < rowsAtOnce || (oldest !== null && oldest < newerThan)) break;
  }
  return [...states.values()];
}
