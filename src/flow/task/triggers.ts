import type { BuiltInTrigger } from "../../graph/index.ts";
import type { UpstreamState } from "../definition.ts";

/**
 * A trigger of the author's own: given the upstream states, it returns whether the task may run. It may throw a signal
 * (`signals.skip("nothing new")`), which then is the task's state. It runs where the flow's code runs.
 */
export type CustomTrigger = (upstream: readonly UpstreamState[]) => boolean | Promise<boolean>;

/** How many upstream tasks; below 1 it is a fraction of them, else a count. Both ends are included. */
export interface TriggerThresholds {
  readonly atLeast?: number;
  readonly atMost?: number;
}

const allFinished: BuiltInTrigger = { fn: "all_finished" };

/**
 * When a task may run, given how its upstream tasks ended. Skipped counts as success, TriggerFailed as failure; a mapped
 * upstream task stands for all of its children. Prefect 1.x: `prefect.triggers`.
 *
 * @example task("report failures", body, { trigger: triggers.anyFailed })
 */
export const triggers = {
  /** The default. */
  allSuccessful: { fn: "all_successful" },
  allFailed: { fn: "all_failed" },
  anySuccessful: { fn: "any_successful" },
  anyFailed: { fn: "any_failed" },
  /** However they ended. */
  allFinished,
  /** The same as `allFinished`. */
  alwaysRun: allFinished,
  /** Never by itself: the task is Paused until somebody resumes it. */
  manualOnly: { fn: "manual_only" },
  /** All successful, and not all of them skipped; when all are, the task is Skipped too. */
  notAllSkipped: { fn: "not_all_skipped" },
  someFailed: (thresholds: TriggerThresholds): BuiltInTrigger => ({ fn: "some_failed", ...thresholds }),
  someSuccessful: (thresholds: TriggerThresholds): BuiltInTrigger => ({ fn: "some_successful", ...thresholds }),
} as const satisfies Record<string, BuiltInTrigger | ((thresholds: TriggerThresholds) => BuiltInTrigger)>;
