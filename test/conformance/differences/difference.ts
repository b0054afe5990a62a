import type { Story } from "../compare/compare.ts";

/** What became of one task run on both sides; null: there is no such task run. */
export interface Shown {
  /** Of a graph's second flow run: `name, run 2`. */
  readonly graph: string;
  readonly taskRun: string;
  readonly prefect: readonly string[] | null;
  readonly ours: readonly string[] | null;
}

/** A difference from Prefect 1.4.1 that we keep on purpose. */
export interface Difference {
  readonly name: string;
  readonly reason: string;
  /** Words of README's "Where we differ" that tell of it. */
  readonly told: string;
  /** Where it shows, with both behaviours. */
  readonly shown: readonly Shown[];
  /** Prefect's story of a graph as it would be if Prefect did as we do; left out: only what is shown differs. */
  readonly translate?: (prefect: Story, graph: string) => Story;
}

/** What Prefect's story would be, were it not for this difference. */
export function translated(difference: Difference, prefect: Story, graph: string): Story {
  if (difference.translate !== undefined) return difference.translate(prefect, graph);
  const story = new Map(prefect);
  for (const { taskRun, ours } of difference.shown.filter((each) => each.graph === graph)) {
    if (ours === null) story.delete(taskRun);
    else story.set(taskRun, ours);
  }
  return story;
}
