import { type FlowGraph, indexGraph, type TaskSpec } from "../graph/index.ts";
import type { Finding } from "./finding.ts";

const cure = "give the task or the flow a resultHandler";

/**
 * Finds the tasks whose results have to be persisted and cannot be, before a run finds them.
 *
 * Prefect 0.7's `result_handler_check` looks for the same and refuses a retrying task that is fed by a constant; here a
 * constant's value comes with the artifact, a secret is fetched again, and a retry in the same container has its inputs
 * in the scratch store, so that what 0.7 refuses is at most a warning.
 */
export function checkResults(graph: FlowGraph): Finding[] {
  const findings = [...withoutHandler(graph), ...retriesWithoutInputs(graph)];
  if (findings.length > 0) return findings;
  const persisted = graph.tasks.filter(({ resultHandler }) => resultHandler !== null).length;
  const message = `${persisted} of ${graph.tasks.length} tasks have a result handler; nothing that must be persisted lacks one.`;
  return [{ check: "results", level: "ok", flow: graph.name, message }];
}

/** Tasks that ask for something that only a result handler can do. */
function withoutHandler(graph: FlowGraph): Finding[] {
  return graph.tasks
    .filter(({ resultHandler }) => resultHandler === null)
    .flatMap((task) => {
      const why = needsHandler(task);
      if (why === null) return [];
      const message = `Result has no ResultHandler: task "${task.slug}" ${why}, but neither it nor the flow has one; ${cure}.${place(task)}`;
      return [{ check: "results", level: "error", flow: graph.name, message }] as const;
    });
}

function needsHandler(task: TaskSpec): string | null {
  if (task.checkpoint === true) return "is to persist its result (checkpoint: true)";
  if (task.target !== null) return "has a target";
  if (task.cacheFor !== null) return "is cached (cacheFor), which needs its result to be read again";
  return null;
}

/** Retries that would find their inputs gone when the container died between two attempts. */
function retriesWithoutInputs(graph: FlowGraph): Finding[] {
  const { task: lookUp, upstream } = indexGraph(graph);
  return graph.tasks
    .filter(({ maxRetries }) => maxRetries > 0)
    .flatMap((task) => {
      const lost = upstream(task.slug)
        .filter(({ key }) => key !== null)
        .map((edge) => lookUp(edge.upstream))
        .filter((source) => source.kind === "task" && source.resultHandler === null);
      if (lost.length === 0) return [];
      const names = [...new Set(lost.map(({ slug }) => `"${slug}"`))].join(", ");
      const then =
        task.onMissingResult === "rerun" ? "would run again" : "would be missing, and the task fail (onMissingResult)";
      const message = `Task "${task.slug}" has retries, and the results of ${names} that feed it have no result handler: after the container died between two attempts they ${then}; ${cure}.${place(task)}`;
      return [{ check: "results", level: "warning", flow: graph.name, message }] as const;
    });
}

const place = ({ definedAt }: TaskSpec): string => (definedAt === null ? "" : ` (${definedAt})`);
