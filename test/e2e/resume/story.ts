import type { Acknowledged } from "./acknowledgements.ts";
import type { Body, RunHistory } from "./world.ts";

const labelOf = (slug: string, mapIndex: number | null): string => (mapIndex === null ? slug : `${slug}[${mapIndex}]`);

/**
 * What is wrong with the story of a flow run that was interrupted and went on, by what the API holds, what it has
 * acknowledged, and what the bodies themselves have noted.
 */
export function problemsOf(
  history: RunHistory,
  bodies: readonly Body[],
  acknowledged: readonly Acknowledged[],
): string[] {
  const problems: string[] = [];
  const open = [...acknowledged];
  const idOf = new Map<string, string>();
  const doneAt = new Map<string, number>();
  for (const { id, map_index, task, states } of history.task_runs) {
    const label = labelOf(task.slug, map_index === -1 ? null : map_index);
    idOf.set(label, id);
    const done = states.findIndex(({ state }) => state === "Success");
    if (done === -1) continue;
    doneAt.set(label, states[done]?.timestamp ?? 0);
    const after = states.slice(done + 1).map(({ state }) => state);
    if (after.length > 0) problems.push(`${label} has become ${after.join(", ")} after its Success`);
  }
  for (const { slug, mapIndex, attempt, loop, container, time } of bodies) {
    const label = labelOf(slug, mapIndex);
    const what = `attempt ${attempt}, iteration ${loop} of ${label} in container ${container}`;
    if (time > (doneAt.get(label) ?? Number.POSITIVE_INFINITY)) problems.push(`${what} ran after the Success`);
    const id = idOf.get(label);
    const own = open.findIndex(
      (each) => each.taskRunId === id && each.attempt === attempt && each.loop === loop && each.time <= time,
    );
    if (own === -1) problems.push(`${what} ran without an acknowledged Running`);
    else open.splice(own, 1);
  }
  return problems;
}

/** The highest attempt of each task run whose body ran more than once, by its label. */
export function attemptsOf(bodies: readonly Body[]): Map<string, number> {
  const attempts = new Map<string, number>();
  for (const { slug, mapIndex, attempt } of bodies) {
    const label = labelOf(slug, mapIndex);
    attempts.set(label, Math.max(attempt, attempts.get(label) ?? 1));
  }
  return attempts;
}
