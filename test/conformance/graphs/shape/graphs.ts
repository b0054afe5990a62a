import { task } from "flow-runner";
import { fails, gives, passes, plusOne } from "../common.ts";
import { graph } from "../graph.ts";

const pair = (name: string) => task(name, ({ a, b }: { a: unknown; b: unknown }) => [a, b]);

/** How tasks hang together. */
export const shape = [
  graph("one task", () => gives("one", 1)()),

  graph("no task", () => null),

  graph("chain", () => plusOne("third")({ x: plusOne("second")({ x: gives("first", 1)() }) })),

  graph("diamond", () => {
    const first = gives("first", 1)();
    const sum = task("sum", ({ a, b }: { a: number; b: number }) => a + b);
    return sum({ a: plusOne("left")({ x: first }), b: plusOne("right")({ x: first }) });
  }),

  graph("order without data", () => gives("second", 2)({}, { after: gives("first", 1)() })),

  graph("one input is another's twice", () => {
    const first = gives("first", 1)();
    return pair("pair")({ a: first, b: first });
  }),

  graph("two branches, one fails", () => {
    passes("after good")({ x: gives("good", 1)() });
    passes("after bad")({ x: fails("bad")() });
  }),

  graph("failure in the middle", () => {
    const second = fails("second")({}, { after: gives("first", 1)() });
    return passes("fourth")({ x: passes("third")({ x: second }) });
  }),

  graph("failure beside a success", () => pair("both")({ a: gives("good", 1)(), b: fails("bad")() })),

  graph("error without a message", () => fails("bad", "")()),

  graph("tasks of one name", () => {
    const add = plusOne("add");
    return add({ x: add({ x: add({ x: gives("first", 1)() }) }) });
  }),

  graph("tags in slugs and states", () => {
    gives("tagged", 1, { tags: ["b", "a"] })();
    gives("tagged", 1, { tags: ["a", "b"] })();
    gives("tagged", 1, { tags: ["c"] })();
    fails("tagged", "boom", { tags: ["c"] })();
  }),

  graph("a literal as input", () => {
    const scaled = task("scaled", ({ x, options }: { x: number; options: { by: number[] } }) => [x, options.by]);
    return scaled({ x: 2, options: { by: [3, 4] } });
  }),

  graph("references nested in an input", () => {
    const [first, second] = [gives("first", 1)(), gives("second", 2)()];
    const report = task("report", ({ of }: { of: unknown }) => of);
    return report({ of: { all: [first, second], by: { name: second }, fixed: 3 } });
  }),

  graph("references nested in a list of twelve", () => {
    const elements = Array.from({ length: 12 }, (_, index) => gives("element", index)());
    return passes("list")({ x: elements });
  }),

  graph("a nested reference fails", () => passes("list")({ x: [gives("good", 1)(), fails("bad")()] })),
];
