import type { TaskRun } from "../plan/task-run.ts";

/** What the flow runner does next with a task run. */
export type Verdict =
  /** Finished, or left as it is: downstream tasks may look at it. */
  | { readonly kind: "settled" }
  | { readonly kind: "mapped"; readonly width: number }
  /** Come back at this time (epoch milliseconds), or when `sooner` resolves; holds no slot meanwhile. */
  | { readonly kind: "wait"; readonly until: number; readonly sooner?: Promise<void> | undefined };

/** The same, while the task run is still in hand: `again` takes it through the steps once more. */
export type Step = Verdict | { readonly kind: "again" };

export const settled: Verdict = { kind: "settled" };

/** Left as it is because the process is told to stop; what becomes of it is said for all of them at the end. */
export function cutOff(run: TaskRun): Verdict {
  run.cutOff = true;
  return settled;
}
