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

const names: ReadonlySet<unknown> = new Set<BuiltInTrigger["fn"]>([
  "all_successful",
  "all_failed",
  "any_successful",
  "any_failed",
  "all_finished",
  "manual_only",
  "not_all_skipped",
  "some_failed",
  "some_successful",
]);

/** What is wrong with a trigger that was given without types; null when nothing is. */
export function triggerProblem(trigger: BuiltInTrigger | CustomTrigger): string | null {
  if (typeof trigger === "function") return null;
  if (!names.has(trigger?.fn)) return "it must be one of `triggers`, or a function.";
  if (trigger.fn !== "some_failed" && trigger.fn !== "some_successful") return null;
  const limits = [trigger.atLeast ?? 0, trigger.atMost ?? 0];
  return limits.every((limit) => limit >= 0) ? null : "its thresholds must be numbers, 0 or more.";
}
