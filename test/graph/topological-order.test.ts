import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { topologicalOrder } from "../../src/graph/index.ts";
import { edge, graph, spec } from "./graphs.ts";

/** Any edges between a few tasks, each from a lower to a higher number: free of cycles, written in any order. */
const acyclic = fc.integer({ min: 2, max: 12 }).chain((count) =>
  fc.record({
    slugs: fc.shuffledSubarray(
      Array.from({ length: count }, (_, index) => `t${index}`),
      { minLength: count },
    ),
    edges: fc.array(
      fc
        .tuple(fc.nat(count - 1), fc.nat(count - 1))
        .filter(([from, to]) => from < to)
        .map(([from, to]) => edge(`t${from}`, `t${to}`)),
      { maxLength: 30 },
    ),
  }),
);

describe("topologicalOrder", () => {
  it("has every task once, after all that it waits for", () => {
    fc.assert(
      fc.property(acyclic, ({ slugs, edges }) => {
        const order = topologicalOrder(
          graph(
            slugs.map((slug) => spec(slug)),
            edges,
          ),
        );
        expect(order.toSorted()).toEqual(slugs.toSorted());
        for (const { upstream, downstream } of edges) {
          expect(order.indexOf(upstream)).toBeLessThan(order.indexOf(downstream));
        }
      }),
    );
  });

  it("keeps the order in which the tasks were added where the edges allow it", () => {
    const tasks = ["c", "a", "b"].map((slug) => spec(slug));
    expect(topologicalOrder(graph(tasks, [edge("c", "b"), edge("a", "b")]))).toEqual(["c", "a", "b"]);
    expect(topologicalOrder(graph(tasks, [edge("b", "c")]))).toEqual(["b", "c", "a"]);
  });

  it("names the tasks of a cycle in the direction of the edges", () => {
    const tasks = ["start", "a", "b", "c", "end"].map((slug) => spec(slug));
    const edges = [edge("start", "a"), edge("a", "b"), edge("b", "c"), edge("c", "a"), edge("c", "end")];
    expect(() => topologicalOrder(graph(tasks, edges))).toThrow(
      'Flow "test" has a cycle: a -> b -> c -> a. Cycle found; flows must be acyclic: remove one of these edges.',
    );
  });

  it("names a task that waits for itself", () => {
    expect(() => topologicalOrder(graph([spec("a")], [edge("a", "a")]))).toThrow("has a cycle: a -> a.");
  });

  it("follows a chain that is longer than the call stack is deep", () => {
    const slugs = Array.from({ length: 100_000 }, (_, index) => `t${index}`);
    const edges = slugs.slice(1).map((slug, index) => edge(slug, `t${index}`));
    const order = topologicalOrder(
      graph(
        slugs.map((slug) => spec(slug)),
        edges,
      ),
    );
    expect(order).toEqual(slugs.toReversed());
  });
});
