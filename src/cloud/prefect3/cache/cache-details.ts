import { hash } from "node:crypto";
import type { State } from "../../../state/index.ts";
import type { WireState3 } from "../../../state/wire/index.ts";

/**
 * How Prefect 3 shows a result that is kept for later runs: the task run that made it is Completed, with the key and the
 * end of its time in its details; one that has used it is Cached. The engine calls both Cached.
 *
 * @param task - its slug, and its key where that is fixed
 */
export function withCacheDetails(
  task: { readonly slug: string; readonly cacheKey: string | null },
  from: State,
  state: State,
  wire: WireState3,
): WireState3 {
  // A result that was found at a target is no cached one.
  if (state.type !== "Cached" || state.hashedInputs === undefined) return wire;
  const { cache_key: ofFunction } = state.context;
  const key = task.cacheKey ?? (typeof ofFunction === "string" ? ofFunction : keyOf(task.slug, state.hashedInputs));
  return {
    ...wire,
    ...(from.type === "Success" ? { name: "Completed" } : {}),
    state_details: { ...wire.state_details, cache_key: key },
  };
}

const keyOf = (slug: string, inputs: Readonly<Record<string, string>>): string =>
  `${slug}-${hash("sha256", JSON.stringify(Object.entries(inputs).sort())).slice(0, 32)}`;
