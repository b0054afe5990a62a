import { FlowRunnerError } from "../errors/index.ts";
import type { FlowBase } from "./flow-base.ts";

/**
 * Refuses flows of one module or artifact that share a name: a run says only the name of the flow it wants. The same
 * flow twice, as where a module exports it under two names, is one flow.
 *
 * @throws FlowRunnerError `FLOW_NAME_DUPLICATE`.
 */
export function refuseDuplicateFlows(flows: Iterable<FlowBase>): void {
  const byName = Map.groupBy(new Set(flows), (flow) => flow.name);
  for (const [name, same] of byName) {
    if (same.length === 1) continue;
    throw new FlowRunnerError("FLOW_NAME_DUPLICATE", { name, places: same.map((flow) => flow.definedAt ?? "unknown") });
  }
}
