import { parameter, task } from "flow-runner";
import { passes, plusOne } from "../common.ts";
import { graph } from "../graph.ts";

/** What a run brings along. */
export const parameters = [
  graph("a parameter's default", () => plusOne("next")({ x: parameter("n", { default: 1 }) })),
  graph("a parameter that the run gives", () => plusOne("next")({ x: parameter("n", { default: 1 }) })),
  graph("a required parameter", () => plusOne("next")({ x: parameter<number>("n") })),
  graph("a parameter that is not required", () =>
    task("next", ({ n }: { n: unknown }) => n === null)({ n: parameter("n", { required: false }) }),
  ),
  graph("a parameter of objects and lists", () =>
    passes("next")({ x: parameter("query", { default: { days: ["2012-01-01"], limit: { rows: 3 } } }) }),
  ),
  graph("a parameter that nobody uses", () => parameter("n", { default: 1 })),
  graph("two parameters and a task of a parameter's name", () => {
    const both = task("n", ({ a, b }: { a: number; b: number }) => [a, b]);
    return both({ a: parameter("n", { default: 1 }), b: parameter("m", { default: 2 }) });
  }),
];
