import { type TaskResult, task, triggers } from "flow-runner";
import { fails, gives, kinds, oddFails, oddSkips, passes, plusOne, skips, total } from "../common.ts";
import { graph } from "../graph.ts";

const numbers = gives("list", [1, 2, 3]);
const anyway = { trigger: triggers.allFinished };
const goOn = { skipOnUpstreamSkip: false };

/** One task for all children. */
export const reducing = [
  graph("reduce", () => total("sum")({ xs: plusOne("add").map({ x: numbers() }) })),
  graph("reduce of no children", () =>
    total("sum")({ xs: plusOne("add").map({ x: gives("list", [] as number[])() }) }),
  ),
  graph("reduce of failed children", () => total("sum")({ xs: oddFails("odd").map({ x: numbers() }) })),
  graph("reduce of failed children, when all have finished", () =>
    kinds("all", anyway)({ xs: oddFails("odd").map({ x: numbers() }) }),
  ),
  graph("reduce of skipped children", () => total("sum")({ xs: oddSkips("odd").map({ x: numbers() }) })),
  graph("reduce of skipped children, not skipping", () =>
    kinds("all", goOn)({ xs: oddSkips("odd").map({ x: numbers() }) }),
  ),
  graph("reduce of failed and skipped children", () => {
    const odd = oddSkips("odd").map({ x: gives("list", [1, 2])() });
    return kinds("all", { ...anyway, ...goOn })({ xs: oddFails("next").map({ x: odd }) });
  }),
  graph("reduce of children that failed a level up", () =>
    kinds("all", anyway)({ xs: passes("next").map({ x: oddFails("odd").map({ x: numbers() }) }) }),
  ),
  graph("reduce twice", () => {
    const children = plusOne("add").map({ x: numbers() });
    const both = task("both", ({ a, b }: { a: unknown; b: unknown }) => [a, b]);
    return both({ a: total("sum")({ xs: children }), b: kinds("all")({ xs: children }) });
  }),
  graph("reduce of two mapped tasks in one list", () =>
    passes("both")({ x: [plusOne("add").map({ x: numbers() }), plusOne("add").map({ x: gives("list", [7])() })] }),
  ),
  graph("a failed task given to one that runs anyway", () => {
    const says = task("says", ({ x }: { x: unknown }) => (x instanceof Error ? x.message : "?"), {
      trigger: triggers.anyFailed,
    });
    return says({ x: fails("bad")() });
  }),
  graph("a task that could not be mapped given to one that runs anyway", () => {
    const says = task("says", ({ x }: { x: unknown }) => (x instanceof Error ? "failed" : "nothing"), {
      trigger: triggers.anyFailed,
    });
    return says({ x: passes("add").map({ x: gives("number", 5)() as TaskResult<unknown> as TaskResult<never[]> }) });
  }),
  graph("a skipped task given to one that runs anyway", () =>
    task("says", (_: { x: unknown }) => 1, goOn)({ x: skips("skips")() }),
  ),
];
