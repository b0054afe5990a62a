import { type Ack, type RunStore, systemClock, type TaskRunEntry } from "../../engine/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import { isFailed, makeState, pending, type State } from "../../state/index.ts";
import type { LocalCache } from "./local-cache.ts";

const accepted: Promise<Ack> = Promise.resolve({ status: "accepted" });

/**
 * Where no API is told: every task run is new, every state is in force at once; Cached states go into the cache. A flow's
 * own retries are kept here as Prefect 3's API keeps them: it does not become Failed before they are used up.
 */
export function localStore(graph: FlowGraph, cache: LocalCache): RunStore {
  const keys = new Map(
    graph.tasks.map(({ slug, cacheKey }) => [slug, typeof cacheKey === "string" ? cacheKey : slug] as const),
  );
  const entry = (slug: string, mapIndex: number | null): Promise<TaskRunEntry> =>
    Promise.resolve({ id: null, slug, mapIndex, initialState: pending() });
  let retriesLeft = graph.maxRetries ?? 0;
  const retryInPlaceOf = ({ message }: State): Ack => {
    retriesLeft -= 1;
    const startTime = systemClock.now() + (graph.retryDelay ?? 0);
    return { status: "refused", reason: "Retrying", current: makeState("Retrying", message, { startTime }) };
  };
  return {
    taskRun: (slug) => entry(slug, null),
    children: (slug, first, count) => Array.from({ length: count }, (_, index) => entry(slug, first + index)),
    cachedStates: (slug, cacheKey) => Promise.resolve(cache.of(cacheKey ?? slug)),
    setTaskState: ({ slug }, state) => {
      if (state.type === "Cached") cache.add(keys.get(slug) ?? slug, state);
      return accepted;
    },
    setFlowState: (state) =>
      isFailed(state) && state.crashed !== true && retriesLeft > 0 ? Promise.resolve(retryInPlaceOf(state)) : accepted,
  };
}
