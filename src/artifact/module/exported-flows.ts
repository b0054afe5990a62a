import { type FlowBase, isFlow, refuseDuplicateFlows } from "../../flow/index.ts";

/**
 * The flows that a module exports, each once, in the order of their export names: whatever is exported and is a flow,
 * and for a CommonJS module what stands in its `module.exports`.
 *
 * @throws FlowRunnerError `FLOW_NAME_DUPLICATE`: a run names the flow it wants, so two must not share a name
 */
export function exportedFlows(module: object): FlowBase[] {
  const values = Object.values(module);
  const fromDefault = "default" in module && isPlainObject(module.default) ? Object.values(module.default) : [];
  const flows = [...new Set([...values, ...fromDefault])].filter(isFlow);
  refuseDuplicateFlows(flows);
  return flows;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isFlow(value) && !Array.isArray(value);
}
