import { FlowRunnerError } from "../errors/index.ts";
import type { Edge, FlowGraph, TaskSpec } from "./graph.ts";
import { topologicalOrder } from "./topological-order.ts";

/** A flow's graph prepared for looking things up; nothing here allocates per call. */
export interface GraphIndex {
  readonly graph: FlowGraph;
  /** In topological order. */
  readonly order: readonly TaskSpec[];
  /** Throws `GRAPH_TASK_UNKNOWN` for a slug that is not in the flow. */
  task(slug: string): TaskSpec;
  /** The edges into a task, in the order in which its inputs were written. */
  upstream(slug: string): readonly Edge[];
  /** The edges out of a task. */
  downstream(slug: string): readonly Edge[];
  /** Slugs of the tasks that nothing waits for, in topological order. */
  readonly terminalTasks: readonly string[];
  /** Slugs of the tasks that decide the flow run's state: those the author chose, else the terminal ones. */
  readonly referenceTasks: readonly string[];
}

const none: readonly Edge[] = Object.freeze([]);

/**
 * Indexes a graph once, for any number of lookups.
 *
 * @throws FlowRunnerError `FLOW_CYCLE`, or `GRAPH_TASK_UNKNOWN` for an edge or a reference task that names no task of the flow.
 */
export function indexGraph(graph: FlowGraph): GraphIndex {
  const tasks = new Map(graph.tasks.map((task) => [task.slug, task]));
  const task = (slug: string): TaskSpec => {
    const found = tasks.get(slug);
    if (found === undefined) {
      throw new FlowRunnerError("GRAPH_TASK_UNKNOWN", { flow: graph.name, task: slug, known: [...tasks.keys()] });
    }
    return found;
  };

  const upstream = new Map<string, Edge[]>();
  const downstream = new Map<string, Edge[]>();
  for (const edge of graph.edges) {
    append(downstream, task(edge.upstream).slug, edge);
    append(upstream, task(edge.downstream).slug, edge);
  }

  const order = topologicalOrder(graph).map(task);
  const terminalTasks = order.map((spec) => spec.slug).filter((slug) => !downstream.has(slug));
  return {
    graph,
    order,
    task,
    upstream: (slug) => upstream.get(slug) ?? none,
    downstream: (slug) => downstream.get(slug) ?? none,
    terminalTasks,
    referenceTasks: graph.referenceTasks?.map((slug) => task(slug).slug) ?? terminalTasks,
  };
}

function append(edges: Map<string, Edge[]>, slug: string, edge: Edge): void {
  const list = edges.get(slug);
  if (list === undefined) edges.set(slug, [edge]);
  else list.push(edge);
}
