import { FlowRunnerError } from "../../../errors/index.ts";
import type { TaskStateItem } from "../../port/batch.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import { wireOf } from "../task-runs/move-task-run.ts";
import type { RunBook } from "../task-runs/run-book.ts";
import { type KeyedResult, keepKeyedResult } from "./keyed-results.ts";

/** Of some states that are about to be told: the results that are kept under a key for other tasks, too. */
export function keyedResults(book: RunBook, items: readonly TaskStateItem[]): readonly KeyedResult[] {
  return items.flatMap(({ taskRunId, state }) => {
    const run = book.byId(taskRunId);
    // One that is used again was kept when it was made.
    if (run === undefined || state.type !== "Cached" || run.state.type !== "Success") return [];
    const cacheKey = book.tasks.fixedCacheKey(run.taskKey);
    if (cacheKey === null) return [];
    return [{ cacheKey, state: wireOf(book, run, run.state, state), flowRunId: book.names.flowRunId, taskRunId }];
  });
}

/** What cannot be kept is made again by who needs it. */
export async function keepKeyedResults(
  { client, warn }: { readonly client: RestClient; readonly warn: (message: string) => void },
  results: readonly KeyedResult[],
  options: CallOptions,
): Promise<void> {
  for (const result of results) {
    try {
      await keepKeyedResult(client, result, options);
    } catch (error) {
      if (!(error instanceof FlowRunnerError) && options.signal?.aborted !== true) throw error;
      warn(
        `A cached result was not kept for other flows: ${error instanceof FlowRunnerError ? error.message : "its process ends"}`,
      );
    }
  }
}
