import type { TaskRunRow } from "../../../cloud/index.ts";
import { isFailed } from "../../../state/index.ts";

/** The task run that failed before all others, and not because of another; null: none did. */
export function firstFailure(runs: readonly TaskRunRow[]): TaskRunRow | null {
  const own = runs.filter(({ state }) => isFailed(state) && state.type !== "TriggerFailed");
  const endOf = ({ ended, started }: TaskRunRow): number => ended ?? started ?? Number.POSITIVE_INFINITY;
  return own.toSorted((a, b) => endOf(a) - endOf(b))[0] ?? null;
}
