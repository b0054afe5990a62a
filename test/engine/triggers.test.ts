import { describe, expect, it } from "vitest";
import { flow, signals, type TaskOptions, task, triggers } from "../../src/index.ts";
import { watch } from "./watch.ts";

type Ending = "ok" | "bad" | "skipped";

const tasks = {
  ok: task("ok", () => 1),
  bad: task("bad", () => signals.fail("bad")),
  skipped: task("skipped", () => signals.skip("not today")),
} satisfies Record<Ending, unknown>;

/** How a task with this trigger ends below upstream tasks that end so. */
async function endBelow(trigger: NonNullable<TaskOptions["trigger"]>, endings: readonly Ending[]) {
  const below = task("below", () => 2, { trigger, skipOnUpstreamSkip: false });
  const { last } = await watch(flow("triggers", () => below().after(...endings.map((each) => tasks[each]()))));
  return last("below-1");
}

const firing: readonly (readonly [string, NonNullable<TaskOptions["trigger"]>, readonly Ending[]])[] = [
  ["all_successful", triggers.allSuccessful, ["ok", "skipped"]],
  ["all_failed", triggers.allFailed, ["bad", "bad"]],
  ["any_successful", triggers.anySuccessful, ["bad", "ok"]],
  ["any_failed", triggers.anyFailed, ["ok", "bad"]],
  ["all_finished", triggers.allFinished, ["ok", "bad", "skipped"]],
  ["always_run", triggers.alwaysRun, ["bad"]],
  ["not_all_skipped", triggers.notAllSkipped, ["skipped", "ok"]],
  ["some_failed by count", triggers.someFailed({ atLeast: 2, atMost: 2 }), ["bad", "bad", "ok"]],
  ["some_successful by fraction", triggers.someSuccessful({ atLeast: 0.5 }), ["ok", "bad"]],
  ["a function", (upstream) => upstream.length === 2, ["bad", "ok"]],
];

const refusing: readonly (readonly [string, NonNullable<TaskOptions["trigger"]>, readonly Ending[], string, string])[] =
  [
    [
      "all_successful",
      triggers.allSuccessful,
      ["ok", "bad"],
      "TriggerFailed",
      'Trigger was "all_successful" but some of the upstream tasks failed.',
    ],
    [
      "all_failed",
      triggers.allFailed,
      ["ok", "bad"],
      "TriggerFailed",
      'Trigger was "all_failed" but some of the upstream tasks succeeded.',
    ],
    [
      "any_successful",
      triggers.anySuccessful,
      ["bad", "bad"],
      "TriggerFailed",
      'Trigger was "any_successful" but none of the upstream tasks succeeded.',
    ],
    [
      "any_failed",
      triggers.anyFailed,
      ["ok", "skipped"],
      "TriggerFailed",
      'Trigger was "any_failed" but none of the upstream tasks failed.',
    ],
    ["not_all_skipped", triggers.notAllSkipped, ["skipped", "skipped"], "Skipped", "All upstreams were skipped"],
    ["manual_only", triggers.manualOnly, ["ok"], "Paused", 'Trigger function is "manual_only"'],
    [
      "some_failed",
      triggers.someFailed({ atMost: 1 }),
      ["bad", "bad"],
      "TriggerFailed",
      'Trigger was "some_failed" but thresholds were not met.',
    ],
    ["a function", () => false, ["ok"], "TriggerFailed", "Trigger failed"],
    [
      "a function that throws",
      () => {
        throw new RangeError("which?");
      },
      ["ok"],
      "TriggerFailed",
      "Unexpected error while checking task trigger: RangeError: which?",
    ],
    ["a function that throws a signal", () => signals.skip("no news"), ["ok"], "Skipped", "no news"],
    ["a function that says why", async () => signals.triggerFail("too few"), ["ok"], "TriggerFailed", "too few"],
  ];

describe("triggers", () => {
  it.each(firing)("%s lets the task run", async (_name, trigger, endings) => {
    expect((await endBelow(trigger, endings)).type).toBe("Success");
  });

  it.each(refusing)("%s keeps the task from running", async (_name, trigger, endings, type, message) => {
    expect(await endBelow(trigger, endings)).toMatchObject({ type, message });
  });

  it("are shown the states of a mapped upstream's children, with their values and errors", async () => {
    const odd = task("odd", ({ x }: { x: number }) => (x % 2 ? x : signals.fail(`${x} is even`)));
    const seen: unknown[] = [];
    const below = task("below", () => 2, {
      trigger: (upstream) => {
        for (const { slug, mapIndex, key, state } of upstream)
          seen.push([slug, mapIndex, key, state.type, state.value instanceof Error ? "error" : state.value]);
        return true;
      },
    });
    await watch(flow("mapped upstream", () => below().after(odd.map({ x: [1, 2, 3] }))));
    expect(seen).toEqual([
      ["odd-1", 0, null, "Success", 1],
      ["odd-1", 1, null, "Failed", "error"],
      ["odd-1", 2, null, "Success", 3],
    ]);
  });

  it("never retry a task that they kept from running", async () => {
    const below = task("below", () => 2, { maxRetries: 2, retryDelay: 0 });
    const { types } = await watch(flow("no retry", () => below().after(tasks.bad())));
    expect(types("below-1")).toEqual(["TriggerFailed"]);
  });
});

describe("a mapped upstream task without children", () => {
  it("has neither failed nor succeeded children: any_failed does not fire, all_failed does", async () => {
    const each = task("each", ({ x }: { x: number }) => x);
    const any = task("any", () => 1, { trigger: triggers.anyFailed });
    const all = task("all", () => 1, { trigger: triggers.allFailed });
    const { last } = await watch(
      flow("no children", () => {
        const none = each.map({ x: [] });
        any().after(none);
        all().after(none);
      }),
    );
    expect([last("any-1").type, last("all-1").type]).toEqual(["TriggerFailed", "Success"]);
  });
});

describe("a skipped upstream task", () => {
  it("skips what is below it, and below that", async () => {
    const below = task("below", (_inputs: { x: unknown }) => 2);
    const { last, run } = await watch(flow("skip", () => below({ x: below({ x: tasks.skipped() }) })));
    expect([last("below-1").type, last("below-2").type]).toEqual(["Skipped", "Skipped"]);
    expect(run.state.type).toBe("Success");
  });

  it("gives nothing to a task that runs nevertheless", async () => {
    const below = task("below", ({ x }: { x: unknown }) => x === undefined, { skipOnUpstreamSkip: false });
    const { run } = await watch(flow("skip not", () => below({ x: tasks.skipped() })));
    expect(run.result("below-1")).toBe(true);
  });

  it("skips a reduce when it is one of the children", async () => {
    const some = task("some", ({ x }: { x: number }) => (x === 2 ? signals.skip("two") : x));
    const sum = task("sum", ({ xs }: { xs: unknown[] }) => xs.length);
    const { last } = await watch(flow("reduce", () => sum({ xs: some.map({ x: [1, 2] }) })));
    expect(last("sum-1").type).toBe("Skipped");
  });

  it("skips only the child of the same index in a mapped task", async () => {
    const some = task("some", ({ x }: { x: number }): number => (x === 2 ? signals.skip("two") : x));
    const ten = task("ten", ({ x }: { x: number }) => 10 * x);
    const { last, run } = await watch(flow("children", () => ten.map({ x: some.map({ x: [1, 2, 3] }) })));
    expect([0, 1, 2].map((index) => last(`ten-1[${index}]`).type)).toEqual(["Success", "Skipped", "Success"]);
    expect(run.result("ten-1")).toEqual([10, undefined, 30]);
  });
});
