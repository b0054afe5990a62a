import { failed, isFailed, isFinished, isSuccessful, type State, success } from "../../state/index.ts";
import type { TaskRuns } from "../plan/task-run.ts";

/**
 * The state a flow run ends in; null while some terminal task is unfinished (the run stays Running).
 *
 * Prefect 0.7 and 1.x: mapped tasks count through their children, reference tasks decide, and a run whose reference
 * tasks neither failed nor all succeeded is a success.
 */
export function finalState(terminal: readonly TaskRuns[], reference: readonly TaskRuns[]): State | null {
  const statesOf = (all: readonly TaskRuns[]): State[] => all.flatMap((runs) => runs.counted.map((run) => run.state));
  if (!statesOf(terminal).every(isFinished)) return null;
  const decisive = statesOf(reference);
  if (!decisive.every(isFinished)) return null;
  if (decisive.some(isFailed)) return failed("Some reference tasks failed.");
  if (decisive.every(isSuccessful)) return success("All reference tasks succeeded.");
  return success("No reference tasks failed.");
}
