import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowGraph } from "../../graph/index.ts";

/** The tasks that a flow run has states of. */
export interface RunTasks {
  readonly run: string;
  /** Where the flow comes from that is to go on with them. */
  readonly file: string;
  readonly slugs: readonly string[];
}

/**
 * A flow goes on with a run's states by the slugs of its tasks: each must be there on both sides.
 *
 * @throws FlowRunnerError `SLUGS_DIFFER`, which names those that are not
 */
export function requireSameSlugs(graph: FlowGraph, { run, file, slugs }: RunTasks): void {
  const [here, there] = [new Set(graph.tasks.map(({ slug }) => slug)), new Set(slugs)];
  const added = [...here.difference(there)];
  const removed = [...there.difference(here)];
  if (added.length + removed.length > 0) throw new FlowRunnerError("SLUGS_DIFFER", { file, run, added, removed });
}
