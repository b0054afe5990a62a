import { makeState, skipped, triggerFailed } from "../state/make.ts";
import { isFailed, isFinished, isSkipped, isSuccessful } from "../state/predicates.ts";
import type { State } from "../state/state.ts";
import type { Trigger } from "./graph.ts";

/** A trigger that the engine evaluates by itself. */
export type BuiltInTrigger = Exclude<Trigger, { fn: "custom" }>;

/** Either the task may run, or it ends in this state: TriggerFailed, Paused or Skipped. */
export type TriggerVerdict = { readonly fires: true } | { readonly fires: false; readonly state: State };

export interface TriggerOptions {
  /** The task run was resumed by hand: `manual_only` lets it pass. */
  readonly resume: boolean;
  /** The task has upstream tasks, even where those have no states: a mapped one without children. */
  readonly hasUpstream: boolean;
}

const fires: TriggerVerdict = { fires: true };
const verdict = (holds: boolean, sentence: string): TriggerVerdict =>
  holds ? fires : { fires: false, state: triggerFailed(sentence) };

/**
 * Decides whether a task may run, given the states of its upstream tasks. A mapped upstream task stands for its
 * children: pass their states instead of its own. The same object given twice counts once, as where two inputs come
 * from one task.
 *
 * Prefect 1.x: `prefect.triggers`, with its messages. Skipped and Cached are successes, TriggerFailed and TimedOut are
 * failures. Without any upstream task every trigger fires, except `manual_only` (Paused) and `not_all_skipped` (Skipped);
 * behind a mapped task without children `any_…` does not fire.
 */
export function evaluateTrigger(
  trigger: BuiltInTrigger,
  upstream: Iterable<State>,
  { resume, hasUpstream }: TriggerOptions,
): TriggerVerdict {
  const states = [...new Set(upstream)];
  switch (trigger.fn) {
    case "all_successful":
      return verdict(states.every(isSuccessful), 'Trigger was "all_successful" but some of the upstream tasks failed.');
    case "all_failed":
      return verdict(states.every(isFailed), 'Trigger was "all_failed" but some of the upstream tasks succeeded.');
    case "any_successful":
      return verdict(
        !hasUpstream || states.some(isSuccessful),
        'Trigger was "any_successful" but none of the upstream tasks succeeded.',
      );
    case "any_failed":
      return verdict(
        !hasUpstream || states.some(isFailed),
        'Trigger was "any_failed" but none of the upstream tasks failed.',
      );
    case "all_finished":
      return verdict(
        states.every(isFinished),
        'Trigger was "all_finished" but some of the upstream tasks were not finished.',
      );
    case "manual_only":
      return resume
        ? fires
        : { fires: false, state: makeState("Paused", 'Trigger function is "manual_only"', { startTime: null }) };
    case "not_all_skipped":
      if (states.every(isSkipped)) return { fires: false, state: skipped("All upstreams were skipped") };
      return verdict(
        states.every(isSuccessful),
        'Trigger was "not_all_skipped" but some of the upstream tasks failed.',
      );
    case "some_failed":
    case "some_successful": {
      const matching = states.filter(trigger.fn === "some_failed" ? isFailed : isSuccessful).length;
      const atLeast = threshold(trigger.atLeast ?? 0, states.length);
      const atMost = trigger.atMost === undefined ? states.length : threshold(trigger.atMost, states.length);
      return verdict(
        !hasUpstream || (atLeast <= matching && matching <= atMost),
        `Trigger was "${trigger.fn}" but thresholds were not met.`,
      );
    }
  }
}

/** Below 1 a fraction of the states, else a count. */
const threshold = (limit: number, total: number): number => (limit < 1 ? total * limit : limit);
