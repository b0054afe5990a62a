import type { FlowGraph, TaskSpec } from "../../../graph/index.ts";

/** The tasks of the flow that a flow run is of. There are none before the flow is loaded. */
export class FlowTasks {
  #graph: FlowGraph | null = null;
  readonly #specs = new Map<string, TaskSpec>();
  readonly #mapped = new Set<string>();

  /** The flow is loaded. */
  plan(graph: FlowGraph): void {
    this.#graph = graph;
    for (const task of graph.tasks) this.#specs.set(task.slug, task);
    for (const edge of graph.edges) if (edge.mapped) this.#mapped.add(edge.downstream);
  }

  /** Null: it is not loaded here. */
  get graph(): FlowGraph | null {
    return this.#graph;
  }

  get slugs(): readonly string[] {
    return [...this.#specs.keys()];
  }

  /** Undefined: the flow has no such task, or is not loaded here. */
  specOf(slug: string): TaskSpec | undefined {
    return this.#specs.get(slug);
  }

  /** Whether there are children in the place of a task. What its own task run would be called is the first of them. */
  isMapped(slug: string): boolean {
    return this.#mapped.has(slug);
  }

  /** Slugs of the tasks that a mapped task is mapped over. */
  mappedOver(slug: string): readonly string[] {
    const edges = this.#graph?.edges ?? [];
    return edges.filter(({ downstream, mapped }) => mapped && downstream === slug).map(({ upstream }) => upstream);
  }

  /** The key that its results are cached under, which tasks of other flows may share; null: none. */
  fixedCacheKey(slug: string): string | null {
    const key = this.#specs.get(slug)?.cacheKey;
    return typeof key === "string" ? key : null;
  }

  /** Whether a Success of the task is followed by what is kept of it for later runs. */
  keepsResults(slug: string): boolean {
    const spec = this.#specs.get(slug);
    return spec !== undefined && spec.cacheFor !== null && spec.target === null;
  }

  /** Whether task runs of the task are told of. Prefect 3 has no task runs of parameters and constants. */
  isTold(slug: string): boolean {
    const kind = this.#specs.get(slug)?.kind;
    return kind !== "parameter" && kind !== "constant";
  }
}
