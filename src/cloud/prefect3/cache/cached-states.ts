import type { State } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { CachedStatesQuery } from "../../port/held-state.ts";
import type { RestClient } from "../client/rest-client.ts";
import type { RunBook } from "../task-runs/run-book.ts";
import { resultsOfKey } from "./keyed-results.ts";
import { resultsOfTask } from "./task-results.ts";

/**
 * For each query: results that may be used again; see `Api.cachedStates`.
 *
 * @throws FlowRunnerError those of `RestClient`
 */
export async function cachedStates(
  client: RestClient,
  books: readonly RunBook[],
  queries: readonly CachedStatesQuery[],
  options?: CallOptions,
): Promise<readonly (readonly State[])[]> {
  const answers: (readonly State[])[] = [];
  for (const { taskId, cacheKey, newerThan } of queries) {
    const book = books.find((each) => each.tasks.specOf(taskId) !== undefined);
    const spec = book?.tasks.specOf(taskId);
    if (cacheKey !== null) answers.push(await resultsOfKey(client, cacheKey, options));
    else if (book === undefined || spec === undefined) answers.push([]);
    else answers.push(await resultsOfTask(client, book.names.flowId, spec, newerThan, options));
  }
  return answers;
}
