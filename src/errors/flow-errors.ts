import { row } from "./define.ts";

/** Errors of writing and building a flow (`src/flow/`, `src/graph/`). */
export const flowErrors = {
  FLOW_CYCLE: row<{ flow: string; path: readonly string[] }>(
    "flow",
    ({ flow, path }) =>
      `Flow "${flow}" has a cycle: ${path.join(" -> ")}. Cycle found; flows must be acyclic: remove one of these edges.`,
  ),
};
