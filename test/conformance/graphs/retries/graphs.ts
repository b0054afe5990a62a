import { context, signals, task, triggers } from "flow-runner";
import { fails, failsUntil, gives, kinds, oddFails, passes, plusOne, skips, soon } from "../common.ts";
import { Boom, graph } from "../graph.ts";

const once = { maxRetries: 1, retryDelay: soon };
const twice = { maxRetries: 2, retryDelay: soon };

/** Attempts after the first. */
export const retries = [
  graph("retried until it succeeds", () => plusOne("next")({ x: failsUntil("flaky", 3)() })),

  graph("retried in vain", () => passes("next")({ x: failsUntil("flaky", 9)() })),

  graph("retried after a fail signal", () =>
    task("flaky", () => (context.taskRunCount === 1 ? signals.fail("not yet") : "now"), once)(),
  ),

  graph("retried for this kind of error", () => failsUntil("flaky", 2, { retryOn: Boom })()),

  graph("not retried for another kind of error", () => failsUntil("flaky", 2, { retryOn: [TypeError] })()),

  graph("retry signal beyond the retries", () =>
    task("asks", () => (context.taskRunCount < 3 ? signals.retry("once more") : context.taskRunCount))(),
  ),

  graph("retry signal with a time", () =>
    task("asks", () => (context.taskRunCount < 2 ? signals.retry("later", { after: 50 }) : context.taskRunCount))(),
  ),

  graph("a failed trigger is not retried", () => passes("next", twice)({ x: fails("bad")() })),

  graph("a skip is not retried", () => skips("skips", "nothing to do", twice)()),

  graph("retry with inputs", () => {
    const sum = task(
      "sum",
      ({ x, y }: { x: number; y: number }) => {
        if (context.taskRunCount === 1) throw new Boom("first");
        return x + y;
      },
      once,
    );
    return sum({ x: gives("x", 1)(), y: gives("y", 2)() });
  }),

  graph("two retried beside each other", () => {
    const pair = task("pair", ({ a, b }: { a: number; b: number }) => [a, b]);
    return pair({ a: failsUntil("one", 2)(), b: failsUntil("two", 3)() });
  }),

  graph("mapped children retried", () => {
    const flaky = task(
      "flaky",
      ({ x }: { x: number }) => {
        if (x % 2 === 1 && context.taskRunCount === 1) throw new Boom(`${x} is odd`);
        return x;
      },
      once,
    );
    return plusOne("next").map({ x: flaky.map({ x: gives("list", [1, 2, 3])() }) });
  }),

  graph("mapped children retried in vain", () =>
    kinds("all", { trigger: triggers.allFinished })({ xs: oddFails("odd", once).map({ x: gives("list", [1, 2])() }) }),
  ),

  graph("reduce retried", () => {
    const sum = task(
      "sum",
      ({ xs }: { xs: readonly number[] }) => {
        if (context.taskRunCount === 1) throw new Boom("first");
        return xs.reduce((before, x) => before + x, 0);
      },
      once,
    );
    return sum({ xs: plusOne("add").map({ x: gives("list", [1, 2])() }) });
  }),
];
