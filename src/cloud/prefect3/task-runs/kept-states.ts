import { isFinished, makeState, pending, type State } from "../../../state/index.ts";
import { fromWire3 } from "../../../state/wire/index.ts";
import type { TaskRunRow } from "./task-run-row.ts";

/** The state of a task run as the API has it. Prefect 3 has no end for what needed a failed task: it is NotReady. */
export function recordedState({ id, state }: Pick<TaskRunRow, "id" | "state">): State {
  if (state == null) return pending("Task run created");
  const read = fromWire3(state, `task run ${id}`);
  return state.name === "NotReady" ? makeState("TriggerFailed", read.message, { context: read.context }) : read;
}

/** Whether a task run has succeeded with a result that nobody can read any more. */
export const isUnpersisted = ({ type, result }: State): boolean =>
  (type === "Success" || type === "Cached") && result === null;

/** The end of a task run as it is recorded; null: it has not come to one. */
export function keptEnd(row: TaskRunRow): State | null {
  const state = recordedState(row);
  return isFinished(state) ? state : null;
}

/**
 * The state of a mapped task that is to stay as it is, of which Prefect 3 knows nothing but its children. Where what it is
 * mapped over can be read, or is made anew, it is mapped again, for children that have not begun are recorded nowhere.
 *
 * @param children - the task runs that are recorded of it
 * @param upstream - those of the tasks that it is mapped over
 */
export function keptMapped(children: readonly TaskRunRow[], upstream: readonly TaskRunRow[]): State {
  const [only] = children;
  if (only === undefined) return pending();
  // What failed above it kept it from being mapped.
  const state = recordedState(only);
  if (children.length === 1 && state.type === "TriggerFailed") return state;
  if (!upstream.some((row) => isUnpersisted(recordedState(row)))) return pending();
  return makeState("Mapped", "Ready to proceed with mapping.", { mapCount: children.length });
}
