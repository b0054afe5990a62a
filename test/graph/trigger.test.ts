import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BuiltInTrigger, evaluateTrigger } from "../../src/graph/index.ts";
import { isFailed, isSuccessful, makeState, type State, type StateType } from "../../src/state/index.ts";

const states = (...types: StateType[]): State[] => types.map((type) => makeState(type));

/** What a trigger says: "fires", or the type and the message of the state that the task ends in. */
function says(trigger: BuiltInTrigger, upstream: readonly State[], resume = false): string {
  const verdict = evaluateTrigger(trigger, upstream, { resume, hasUpstream: upstream.length > 0 });
  return verdict.fires ? "fires" : `${verdict.state.type}: ${verdict.state.message}`;
}

const sentences = {
  all_successful: 'TriggerFailed: Trigger was "all_successful" but some of the upstream tasks failed.',
  all_failed: 'TriggerFailed: Trigger was "all_failed" but some of the upstream tasks succeeded.',
  any_successful: 'TriggerFailed: Trigger was "any_successful" but none of the upstream tasks succeeded.',
  any_failed: 'TriggerFailed: Trigger was "any_failed" but none of the upstream tasks failed.',
  all_finished: 'TriggerFailed: Trigger was "all_finished" but some of the upstream tasks were not finished.',
  manual_only: 'Paused: Trigger function is "manual_only"',
  not_all_skipped: 'TriggerFailed: Trigger was "not_all_skipped" but some of the upstream tasks failed.',
};
const skippedToo = "Skipped: All upstreams were skipped";

describe("evaluateTrigger", () => {
  const success = states("Success", "Cached", "Skipped");
  const failure = states("Failed", "TriggerFailed", "TimedOut");
  const mixed = [...success, ...failure];
  const cancelled = states("Success", "Cancelled");

  it.each<[BuiltInTrigger["fn"] & keyof typeof sentences, State[], boolean]>([
    ["all_successful", success, true],
    ["all_successful", mixed, false],
    ["all_successful", cancelled, false],
    ["all_failed", failure, true],
    ["all_failed", mixed, false],
    ["any_successful", mixed, true],
    ["any_successful", failure, false],
    ["any_failed", mixed, true],
    ["any_failed", success, false],
    ["any_failed", cancelled, false],
    ["all_finished", mixed, true],
    ["all_finished", [...mixed, ...states("Running")], false],
    ["manual_only", success, false],
    ["not_all_skipped", success, true],
    ["not_all_skipped", mixed, false],
  ])("%s over %j", (fn, upstream, fires) => {
    expect(says({ fn } as BuiltInTrigger, upstream)).toBe(fires ? "fires" : sentences[fn]);
  });

  it("skips a task behind nothing but skipped tasks when its trigger is not_all_skipped", () => {
    expect(says({ fn: "not_all_skipped" }, states("Skipped", "Skipped"))).toBe(skippedToo);
    expect(says({ fn: "not_all_skipped" }, [])).toBe(skippedToo);
  });

  it("lets a task that was resumed by hand pass manual_only, and pauses it until then", () => {
    expect(says({ fn: "manual_only" }, [], true)).toBe("fires");
    expect(evaluateTrigger({ fn: "manual_only" }, [], { resume: false, hasUpstream: false })).toMatchObject({
      state: { type: "Paused", startTime: null },
    });
  });

  it.each<BuiltInTrigger>([
    { fn: "all_successful" },
    { fn: "all_failed" },
    { fn: "any_successful" },
    { fn: "any_failed" },
    { fn: "all_finished" },
    { fn: "some_failed", atLeast: 2 },
    { fn: "some_successful", atLeast: 2 },
  ])("fires without upstream tasks: %j", (trigger) => {
    expect(says(trigger, [])).toBe("fires");
  });

  it.each<[BuiltInTrigger, string]>([
    [{ fn: "some_failed", atLeast: 2 }, "fires"],
    [{ fn: "some_failed", atLeast: 3 }, 'TriggerFailed: Trigger was "some_failed" but thresholds were not met.'],
    [{ fn: "some_failed", atMost: 1 }, 'TriggerFailed: Trigger was "some_failed" but thresholds were not met.'],
    [{ fn: "some_failed", atLeast: 0.5 }, "fires"],
    [{ fn: "some_failed", atLeast: 0.51 }, 'TriggerFailed: Trigger was "some_failed" but thresholds were not met.'],
    [{ fn: "some_failed", atLeast: 0.1, atMost: 0.5 }, "fires"],
    [{ fn: "some_successful", atLeast: 1, atMost: 2 }, "fires"],
    [
      { fn: "some_successful", atMost: 0.25 },
      'TriggerFailed: Trigger was "some_successful" but thresholds were not met.',
    ],
    [{ fn: "some_successful" }, "fires"],
  ])("%j over two of four", (trigger, said) => {
    expect(says(trigger, states("Success", "Failed", "Success", "Failed"))).toBe(said);
  });

  it.each<[BuiltInTrigger, boolean]>([
    [{ fn: "all_successful" }, true],
    [{ fn: "all_failed" }, true],
    [{ fn: "any_successful" }, false],
    [{ fn: "any_failed" }, false],
    [{ fn: "some_failed", atLeast: 1 }, false],
    [{ fn: "some_failed", atMost: 1 }, true],
  ])("%j behind a mapped task without children fires: %s", (trigger, fires) => {
    expect(evaluateTrigger(trigger, [], { resume: false, hasUpstream: true }).fires).toBe(fires);
  });

  it("counts a state that comes in by two edges once", () => {
    const [failed, success] = states("Failed", "Success") as [State, State];
    expect(says({ fn: "some_failed", atLeast: 2 }, [failed, failed, success])).toMatch("thresholds were not met");
  });

  it("agrees with its name for any states", () => {
    const finished = fc.constantFrom<StateType>("Success", "Cached", "Skipped", "Failed", "TimedOut", "Cancelled");
    fc.assert(
      fc.property(fc.array(finished, { minLength: 1 }), fc.integer({ min: 1, max: 5 }), (types, limit) => {
        const upstream = states(...types);
        const [good, bad] = [upstream.filter(isSuccessful).length, upstream.filter(isFailed).length];
        const fires = (trigger: BuiltInTrigger) =>
          evaluateTrigger(trigger, upstream, { resume: false, hasUpstream: true }).fires;
        expect(fires({ fn: "all_successful" })).toBe(good === types.length);
        expect(fires({ fn: "all_failed" })).toBe(bad === types.length);
        expect(fires({ fn: "any_successful" })).toBe(good > 0);
        expect(fires({ fn: "any_failed" })).toBe(bad > 0);
        expect(fires({ fn: "some_failed", atLeast: limit })).toBe(bad >= limit);
        expect(fires({ fn: "some_successful", atMost: limit })).toBe(good <= limit);
      }),
    );
  });
});
