import { context, parameter, signals, type TaskResult, task, triggers, unmapped } from "flow-runner";
import { fails, gives, oddFails, oddSkips, passes, plusOne, skips, soon, total } from "../common.ts";
import { Boom, graph } from "../graph.ts";

const numbers = gives("list", [1, 2, 3]);
const addAll = task("add", ({ a, b }: { a: number; b: number }) => a + b);
const one = task("add", (_: { a: unknown; b: unknown }) => 1);
/** What the type system would refuse to map over. */
const anything = (result: TaskResult<unknown>) => result as TaskResult<never[]>;

/** One child for each element. */
export const mapping = [
  graph("map over a task's list", () => plusOne("add").map({ x: numbers() })),
  graph("map over a parameter", () => plusOne("add").map({ x: parameter("list", { default: [1, 2] }) })),
  graph("map over a literal list", () => plusOne("add").map({ x: [1, 2] })),
  graph("map over a list of references", () => plusOne("add").map({ x: [gives("first", 1)(), gives("second", 2)()] })),
  graph("map over two lists of unequal length", () => addAll.map({ a: numbers(), b: gives("short", [10, 20])() })),
  graph("map with an unmapped input", () => addAll.map({ a: numbers(), b: unmapped(gives("ten", 10)()) })),
  graph("map with an unmapped list", () => {
    const pair = task("pair", ({ x, all }: { x: number; all: number[] }) => [x, all]);
    return pair.map({ x: numbers(), all: unmapped(plusOne("add").map({ x: numbers() })) });
  }),

  graph("map over mapped children", () => plusOne("next").map({ x: plusOne("add").map({ x: numbers() }) })),
  graph("three levels of mapping", () =>
    plusOne("third").map({ x: plusOne("second").map({ x: plusOne("first").map({ x: numbers() }) }) }),
  ),
  graph("map over mapped children and a list", () =>
    addAll.map({ a: plusOne("first").map({ x: numbers() }), b: gives("short", [10, 20])() }),
  ),
  graph("two mapped tasks beside each other", () => {
    const first = numbers();
    return addAll.map({ a: plusOne("left").map({ x: first }), b: plusOne("right").map({ x: first }) });
  }),

  graph("map over an empty list", () =>
    plusOne("next").map({ x: plusOne("add").map({ x: gives("list", [] as number[])() }) }),
  ),
  graph("map over a failed task", () =>
    gives("last", 1, { trigger: triggers.allFinished })(
      {},
      { after: passes("next").map({ x: passes("add").map({ x: anything(fails("bad")()) }) }) },
    ),
  ),
  graph("map over a skipped task", () =>
    passes("next").map({ x: passes("add").map({ x: anything(skips("skips")()) }) }),
  ),
  graph("map over a skipped task, not skipping", () =>
    passes("add", { skipOnUpstreamSkip: false }).map({ x: anything(skips("skips")()) }),
  ),
  graph("map over a number", () => passes("add").map({ x: anything(gives("number", 5)()) })),
  graph("map over none", () => passes("add").map({ x: anything(gives("nothing", null)()) })),
  graph("map over text", () => passes("add").map({ x: anything(gives("text", "ab")()) })),
  graph("map over an object", () => passes("add").map({ x: anything(gives("object", { a: 1 })()) })),

  graph("a mapped child fails", () => passes("next").map({ x: oddFails("odd").map({ x: numbers() }) })),
  graph("a mapped child skips", () => passes("next").map({ x: oddSkips("odd").map({ x: numbers() }) })),
  graph("an unmapped input is skipped", () => one.map({ a: numbers(), b: unmapped(skips("skips")()) })),
  graph("an unmapped input fails", () => one.map({ a: numbers(), b: unmapped(fails("bad")()) })),
  graph("one mapped input fails, one succeeds", () => one.map({ a: numbers(), b: anything(fails("bad")()) })),

  graph("mapped after another task", () => plusOne("add").map({ x: numbers() }, { after: gives("first", 1)() })),
  graph("mapped after a failed task", () => plusOne("add").map({ x: numbers() }, { after: fails("bad")() })),
  graph("mapped after a skipped task", () => plusOne("add").map({ x: numbers() }, { after: skips("skips")() })),
  graph("after mapped children, without their results", () =>
    gives("last", 1)({}, { after: plusOne("add").map({ x: numbers() }) }),
  ),

  graph("a mapped child succeeds by a signal", () => {
    const some = task("some", ({ x }: { x: number }) => (x === 2 ? signals.success("two it is", { result: 20 }) : x));
    return total("sum")({ xs: some.map({ x: numbers() }) });
  }),
  graph("map over a list that came with a retry", () => {
    const list = task(
      "list",
      () => {
        if (context.taskRunCount === 1) throw new Boom("first");
        return [1, 2];
      },
      { maxRetries: 1, retryDelay: soon },
    );
    return plusOne("add").map({ x: list() });
  }),
  graph("mapped and reduced and mapped again", () => {
    const listAgain = task("list again", ({ xs }: { xs: number[] }) => xs);
    return plusOne("again").map({ x: listAgain({ xs: plusOne("add").map({ x: numbers() }) }) });
  }),
  graph("tags of mapped children", () => plusOne("add", { tags: ["t"] }).map({ x: gives("list", [1])() })),
];
