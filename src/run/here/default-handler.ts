import type { FlowGraph } from "../../graph/index.ts";
import type { HandlerDescription } from "../../state/index.ts";

/** Gives the runner's default result handler to the tasks that have none, neither of their own nor the flow's. */
export function withDefaultHandler(graph: FlowGraph, handler: HandlerDescription | null): FlowGraph {
  if (handler === null) return graph;
  const tasks = graph.tasks.map((task) =>
    task.kind === "secret" ? task : { ...task, resultHandler: task.resultHandler ?? handler },
  );
  return { ...graph, tasks };
}
