import { signals, type TaskOptions, task, triggers } from "flow-runner";
import { fails, gives, oddFails, passes, plusOne, skips } from "../common.ts";
import { Boom, graph } from "../graph.ts";

type Trigger = NonNullable<TaskOptions["trigger"]>;

const lastOf = (upstream: readonly (() => ReturnType<ReturnType<typeof gives>>)[], trigger: Trigger, options = {}) =>
  gives("last", 1, { trigger, ...options })({}, { after: upstream.map((each) => each()) });

const [good, other] = [gives("good", 1), gives("other", 1)];
const [bad, worse] = [fails("bad"), fails("worse")];
const goOn = { skipOnUpstreamSkip: false };
const list = gives("list", [1, 2]);

/** When a task may run, given how those before it ended. */
export const triggering = [
  graph("all successful, one failed", () => lastOf([good, bad], triggers.allSuccessful)),
  graph("all successful, one skipped", () => lastOf([good, skips("skips")], triggers.allSuccessful, goOn)),
  graph("all failed, all failed", () => lastOf([bad, worse], triggers.allFailed)),
  graph("all failed, one succeeded", () => lastOf([bad, good], triggers.allFailed)),
  graph("any successful, one succeeded", () => lastOf([bad, good], triggers.anySuccessful)),
  graph("any successful, none succeeded", () => lastOf([bad, worse], triggers.anySuccessful)),
  graph("any failed, one failed", () => lastOf([bad, good], triggers.anyFailed)),
  graph("any failed, none failed", () => lastOf([good, other], triggers.anyFailed)),
  graph("all finished, one failed", () => lastOf([good, bad], triggers.allFinished)),
  graph("always run, after a failed trigger", () =>
    gives("last", 1, { trigger: triggers.alwaysRun })({}, { after: passes("next")({ x: bad() }) }),
  ),

  graph("manual only", () => passes("next")({ x: lastOf([good], triggers.manualOnly) })),
  graph("manual only, resumed", () => passes("next")({ x: lastOf([good], triggers.manualOnly) })),
  graph("manual only, without upstream tasks", () => lastOf([], triggers.manualOnly)),

  graph("some failed by count", () => lastOf([bad, worse, good], triggers.someFailed({ atLeast: 2 }))),
  graph("some failed by count, too few", () => lastOf([bad, other, good], triggers.someFailed({ atLeast: 2 }))),
  graph("some failed by fraction", () =>
    lastOf([bad, other, good], triggers.someFailed({ atLeast: 0.3, atMost: 0.5 })),
  ),
  graph("some failed by fraction, too many", () =>
    lastOf([bad, worse, good], triggers.someFailed({ atLeast: 0.3, atMost: 0.5 })),
  ),
  graph("some successful by count", () =>
    lastOf([bad, other, good], triggers.someSuccessful({ atLeast: 1, atMost: 2 })),
  ),
  graph("some successful by count, too many", () => lastOf([other, good], triggers.someSuccessful({ atMost: 1 }))),

  graph("not all skipped, all skipped", () =>
    lastOf([skips("skips"), skips("skips too")], triggers.notAllSkipped, goOn),
  ),
  graph("not all skipped, one skipped", () => lastOf([skips("skips"), good], triggers.notAllSkipped, goOn)),
  graph("not all skipped, one failed", () => lastOf([skips("skips"), bad], triggers.notAllSkipped, goOn)),
  graph("not all skipped, without upstream tasks", () => lastOf([], triggers.notAllSkipped)),
  graph("all failed, without upstream tasks", () => lastOf([], triggers.allFailed)),

  graph("a trigger that says no", () => lastOf([good], () => false)),
  graph("a trigger that looks at its upstream states", () =>
    lastOf([bad, good], (upstream) => upstream.filter(({ state }) => state.type === "Failed").length === 1),
  ),
  graph("a trigger that throws", () =>
    lastOf([good], () => {
      throw new Boom("no idea");
    }),
  ),
  graph("a trigger that skips", () => lastOf([good], () => signals.skip("nothing new"))),
  graph("a trigger that fails by a signal is not retried", () =>
    lastOf([good], () => signals.triggerFail("not today"), { maxRetries: 1, retryDelay: 1_000 }),
  ),

  graph("one upstream task by two edges counts once", () => {
    const failed = bad();
    const last = task("last", (_: { a: unknown; b: unknown }) => 1, { trigger: triggers.someFailed({ atLeast: 2 }) });
    return last({ a: failed, b: failed });
  }),
  graph("a skip comes before the trigger", () => lastOf([skips("skips"), bad], triggers.alwaysRun)),

  graph("any failed over mapped children", () =>
    gives("last", 1, { trigger: triggers.anyFailed })({}, { after: oddFails("odd").map({ x: list() }) }),
  ),
  graph("all successful over mapped children", () =>
    gives("last", 1)({}, { after: oddFails("odd").map({ x: list() }) }),
  ),
  graph("some failed over mapped children by fraction", () => {
    const odd = oddFails("odd").map({ x: gives("list", [1, 2, 3, 4])() });
    gives("half", 1, { trigger: triggers.someFailed({ atLeast: 0.5 }) })({}, { after: odd });
    gives("most", 1, { trigger: triggers.someFailed({ atLeast: 0.6 }) })({}, { after: odd });
  }),
  graph("each mapped child has the trigger", () =>
    task("next", (_: { x: number }) => 1, { trigger: triggers.anyFailed }).map({
      x: oddFails("odd").map({ x: list() }),
    }),
  ),
  graph("any failed over no children", () =>
    gives("last", 1, { trigger: triggers.anyFailed })(
      {},
      { after: plusOne("add").map({ x: gives("list", [] as number[])() }) },
    ),
  ),
];
