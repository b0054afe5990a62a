import { cacheValidators, parameter, task } from "flow-runner";
import { fails, failsUntil, gives, plusOne } from "../common.ts";
import { graph } from "../graph.ts";

const hour = { cacheFor: "1h" } as const;
const byInputs = { ...hour, cacheValidator: cacheValidators.allInputs };

/** Results that are used again; the graphs are run twice, with the parameters of runs/scenarios.ts. */
export const caching = [
  graph("cached for an hour", () => plusOne("next")({ x: gives("cached", 4, hour)() })),
  graph("cached for all inputs", () => plusOne("cached", byInputs)({ x: parameter("n", { default: 1 }) })),
  graph("cached for all parameters", () => {
    parameter("n", { default: 1 });
    gives("cached", 1, { ...hour, cacheValidator: cacheValidators.allParameters })();
  }),
  graph("cached for some inputs", () => {
    const cached = task("cached", ({ a, b }: { a: number; b: number }) => [a, b], {
      ...hour,
      cacheValidator: cacheValidators.partialInputsOnly(["a"]),
    });
    return cached({ a: parameter("a", { default: 1 }), b: parameter("b", { default: 1 }) });
  }),
  graph("cached and never used", () => gives("cached", 1, { ...hour, cacheValidator: cacheValidators.neverUse })()),
  graph("cached under a key for two tasks", () => {
    const shared = { ...hour, cacheKey: "shared" };
    return gives("second", 2, shared)({}, { after: gives("first", 1, shared)() });
  }),
  graph("a failure is not cached", () => fails("cached", "boom", hour)()),
  graph("cached after a retry", () => failsUntil("cached", 2, hour)()),
  graph("cached mapped children", () => plusOne("cached", byInputs).map({ x: parameter("list", { default: [1, 2] }) })),
  graph("cached, behind a failed task", () => gives("cached", 1, hour)({}, { after: fails("bad")() })),
];
