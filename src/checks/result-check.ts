import type { FlowGraph } from "../graph/index.ts";
import { resultHandlerCheck } from "../results/index.ts";
import type { Finding } from "./finding.ts";
import { unpersistedInput } from "./gotchas/unpersisted-input.ts";

/**
 * Finds the tasks whose results have to be persisted and cannot be, before a run finds them. Prefect 0.7:
 * `result_handler_check`.
 */
export function checkResults(graph: FlowGraph): Finding[] {
  const problems = resultHandlerCheck(graph);
  if (problems.length > 0) {
    return problems.map(({ level, message }) => {
      const gotcha = level === "warning" ? { gotcha: unpersistedInput.name } : {};
      return { check: "results", level, flow: graph.name, message, ...gotcha };
    });
  }
  const persisted = graph.tasks.filter(({ resultHandler }) => resultHandler !== null).length;
  const message = `${persisted} of ${graph.tasks.length} tasks have a result handler; nothing that must be persisted lacks one.`;
  return [{ check: "results", level: "ok", flow: graph.name, message }];
}
