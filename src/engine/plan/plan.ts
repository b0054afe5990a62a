import { type Edge, type FlowGraph, type TaskSpec, topologicalOrder } from "../../graph/index.ts";

/** An edge between planned tasks. */
export interface PlannedEdge {
  readonly from: PlannedTask;
  readonly to: PlannedTask;
  readonly key: string | null;
  readonly mapped: boolean;
}

/** Whether the value is looked at along this edge: as an input, or by a trigger of the author's own. */
export const hasUseForValue = (edge: PlannedEdge): boolean => edge.key !== null || edge.to.spec.trigger.fn === "custom";

/** A task with its neighbours, so that nothing is looked up by name while the flow runs. */
export interface PlannedTask {
  readonly spec: TaskSpec;
  /** Steps from the roots: the deepest ready task run goes first, so that mapped chains finish before they widen. */
  readonly depth: number;
  readonly upstream: readonly PlannedEdge[];
  readonly downstream: readonly PlannedEdge[];
}

export interface Plan {
  readonly graph: FlowGraph;
  /** In topological order. */
  readonly tasks: readonly PlannedTask[];
  readonly bySlug: ReadonlyMap<string, PlannedTask>;
  readonly terminal: readonly PlannedTask[];
  readonly reference: readonly PlannedTask[];
}

interface Draft {
  spec: TaskSpec;
  depth: number;
  upstream: PlannedEdge[];
  downstream: PlannedEdge[];
}

/** Links a graph that was checked when it was built (no cycle, no dangling edge) and puts it in order. */
export function planFlow(graph: FlowGraph): Plan {
  const bySlug = new Map<string, Draft>();
  for (const spec of graph.tasks) bySlug.set(spec.slug, { spec, depth: 0, upstream: [], downstream: [] });
  for (const edge of graph.edges) link(bySlug, edge);
  const tasks = topologicalOrder(graph).flatMap((slug) => bySlug.get(slug) ?? []);
  for (const task of tasks) task.depth = Math.max(0, ...task.upstream.map((edge) => edge.from.depth + 1));
  const terminal = tasks.filter((task) => task.downstream.length === 0);
  const named = graph.referenceTasks;
  const reference = named === null ? terminal : tasks.filter((task) => named.includes(task.spec.slug));
  return { graph, tasks, bySlug, terminal, reference };
}

function link(bySlug: ReadonlyMap<string, Draft>, edge: Edge): void {
  const from = bySlug.get(edge.upstream);
  const to = bySlug.get(edge.downstream);
  if (from === undefined || to === undefined) return;
  const planned: PlannedEdge = { from, to, key: edge.key, mapped: edge.mapped };
  from.downstream.push(planned);
  to.upstream.push(planned);
}
