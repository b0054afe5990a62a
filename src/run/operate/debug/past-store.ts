import type { TaskRunRow } from "../../../cloud/index.ts";
import type { Ack, RunStore, TaskRunEntry } from "../../../engine/index.ts";
import { cancelled, isFinished, pending, type State, unwrap } from "../../../state/index.ts";

const accepted: Promise<Ack> = Promise.resolve({ status: "accepted" });

/**
 * The states of a flow run that an API holds, as they were: some task runs are to run again, all others stay what they
 * are, and what was unfinished does not begin. Nobody is told what happens.
 *
 * @param given - slugs of parameters and constants: they have their values anew where the API has no task runs of them
 */
export function pastStore(
  runs: readonly TaskRunRow[],
  again: readonly TaskRunRow[],
  given: ReadonlySet<string>,
): RunStore {
  const toRun = new Set(again);
  const states = new Map(runs.map((run) => [key(run.task.slug, run.mapIndex), toRun.has(run) ? pending() : past(run)]));
  const entry = (slug: string, mapIndex: number | null): Promise<TaskRunEntry> =>
    Promise.resolve({
      id: null,
      slug,
      mapIndex,
      initialState: states.get(key(slug, mapIndex)) ?? (given.has(slug) ? pending() : left),
    });
  return {
    taskRun: (slug) => entry(slug, null),
    children: (slug, first, count) => Array.from({ length: count }, (_, at) => entry(slug, first + at)),
    // What is debugged is to run, not to be looked up.
    cachedStates: () => Promise.resolve([]),
    setTaskState: () => accepted,
    setFlowState: () => accepted,
  };
}

const key = (slug: string, mapIndex: number | null): string => `${slug}[${mapIndex ?? ""}]`;

const left = cancelled("It does not run again.");

function past({ state }: TaskRunRow): State {
  const held = unwrap(state);
  return isFinished(held) ? held : left;
}
