import type { FlowRunInfo } from "../../../cloud/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { FlowGraph } from "../../../graph/index.ts";

/**
 * A flow goes on with a run's states by the slugs of its tasks: each must be there on both sides. Where the API knows those
 * tasks alone that the run has come to (Prefect 3), the flow must have these, and may have others.
 *
 * @param file - where the flow comes from that is to go on with them
 * @returns what holds, as a sentence
 * @throws FlowRunnerError `SLUGS_DIFFER`, which names those that are not
 */
export function requireSameSlugs(
  graph: FlowGraph,
  { name: run, taskRuns, reached }: Pick<FlowRunInfo, "name" | "taskRuns" | "reached">,
  file: string,
): string {
  const here = new Set(graph.tasks.map(({ slug }) => slug));
  const there = new Set(reached ?? taskRuns.map(({ slug }) => slug));
  const added = reached === undefined ? [...here.difference(there)] : [];
  const removed = [...there.difference(here)];
  if (added.length + removed.length > 0) throw new FlowRunnerError("SLUGS_DIFFER", { file, run, added, removed });
  return reached === undefined ? "Its tasks have the same slugs." : "It has every task that the run has come to.";
}
