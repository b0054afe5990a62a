import type { History, TaskRunHistory } from "./history.ts";

/** Task runs that were Running before something they wait for had ended. */
export function ranTooEarly({ taskRuns, edges }: History): string[] {
  const runs = [...taskRuns];
  return edges.flatMap(({ upstream, downstream, mapped }) => {
    const waitedFor = runs.filter(([, run]) => run.slug === upstream);
    return runs
      .filter(([, run]) => run.slug === downstream)
      .flatMap(([label, run]) => {
        const started = run.states.find(({ state }) => state.type === "Running")?.at;
        if (started === undefined) return [];
        return waitedFor
          .filter(([, before]) => concerns(before, run, mapped))
          .filter(([, before]) => (before.states.at(-1)?.at ?? "") > started)
          .map(([before]) => `${label} was Running before ${before} had ended`);
      });
  });
}

/** A child waits for the same child of a mapped upstream; everything else for all of it. */
const concerns = (upstream: TaskRunHistory, run: TaskRunHistory, mapped: boolean): boolean =>
  !mapped || upstream.mapIndex === null || run.mapIndex === null || upstream.mapIndex === run.mapIndex;
