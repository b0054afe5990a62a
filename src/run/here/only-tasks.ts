import { FlowRunnerError } from "../../errors/index.ts";
import { meantBy } from "../../errors/meant-by.ts";
import type { FlowGraph } from "../../graph/index.ts";

/**
 * The part of a flow that some of its tasks need: they, and all upstream of them. They decide the run's state.
 *
 * @param names - of tasks, or their slugs
 * @throws FlowRunnerError `ONLY_TASK_UNKNOWN`, which names the task that may have been meant
 */
export function onlyTasks(graph: FlowGraph, names: readonly string[]): FlowGraph {
  const wanted = names.flatMap((name) => slugsOf(graph, name));
  const above = Map.groupBy(graph.edges, ({ downstream }) => downstream);
  const kept = new Set(wanted);
  // A set takes what is added while it is walked.
  for (const slug of kept) for (const { upstream } of above.get(slug) ?? []) kept.add(upstream);
  const isParameter = new Set(
    graph.tasks.flatMap(({ slug, name, kind }) => (kind === "parameter" && kept.has(slug) ? [name] : [])),
  );
  return {
    ...graph,
    tasks: graph.tasks.filter(({ slug }) => kept.has(slug)),
    edges: graph.edges.filter(({ upstream, downstream }) => kept.has(upstream) && kept.has(downstream)),
    // What is needed by nothing that runs need not be given.
    parameters: graph.parameters.map((each) => ({ ...each, required: each.required && isParameter.has(each.name) })),
    referenceTasks: wanted,
  };
}

function slugsOf({ name: flow, tasks }: FlowGraph, wanted: string): string[] {
  const found = tasks.filter(({ name, slug }) => name === wanted || slug === wanted).map(({ slug }) => slug);
  if (found.length > 0) return found;
  const known = [...new Set(tasks.map(({ name }) => name))];
  const meant = meantBy(wanted, known);
  throw new FlowRunnerError("ONLY_TASK_UNKNOWN", { flow, task: wanted, known, meant });
}
