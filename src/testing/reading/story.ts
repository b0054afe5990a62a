import { isFinished, isSuccessful, type State } from "../../state/index.ts";

/**
 * A run's story as lines that are the same whenever the same happens: without ids and times, and in the order of the flow's
 * tasks. What the states of one task run are does not depend on when others had theirs.
 */
export function storyOf({ flow, states, taskRuns }: Told): string[] {
  return [line(`flow ${flow}`, states), ...taskRuns.map((run) => line(run.name, run.states))];
}

interface Told {
  readonly flow: string;
  readonly states: readonly State[];
  readonly taskRuns: readonly { readonly name: string; readonly states: readonly State[] }[];
}

function line(name: string, states: readonly State[]): string {
  const last = states.at(-1);
  const types = states.map(({ type }) => type).join(" → ");
  return `${name}: ${types}${last === undefined ? "" : ending(last)}`;
}

/** Why it ended as it did; a success needs no reason. */
function ending(state: State): string {
  if (!isFinished(state) || isSuccessful(state) || state.message === null) return "";
  return ` (${stable(state.message)})`;
}

/** The first line of a message, without what is another one in each run. */
const stable = (message: string): string =>
  (message.split("\n")[0] ?? "")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "<id>")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?/g, "<time>");
