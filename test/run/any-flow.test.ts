import fc from "fast-check";
import { expect, it } from "vitest";
import { flow, type TaskResult, task, unmapped } from "../../src/index.ts";

/** One step of a flow: which earlier steps it takes, how, and a literal of its own. */
interface Step {
  readonly kind: "call" | "map" | "reduce";
  readonly from: readonly number[];
  readonly literal: number;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom("call", "map", "reduce"),
    from: fc.array(fc.nat(20), { maxLength: 4 }),
    literal: fc.integer({ min: -9, max: 9 }),
  }),
  { minLength: 1, maxLength: 12 },
);

const total = (values: readonly unknown[]): number => JSON.stringify(values).length;

// Each body tells apart every order and nesting of its inputs, so that a swapped or lost one shows in the result.
const bodies = {
  call: ({ q }: { q: { all: readonly unknown[]; literal: number } }) => [total(q.all), q.literal, ...q.all.slice(0, 2)],
  map: ({ item, rest }: { item: unknown; rest: { deep: readonly unknown[] } }) => [
    total([item]),
    item,
    total(rest.deep),
  ],
  reduce: ({ rows }: { rows: readonly unknown[] }) => [rows.length, total(rows)],
};
const call = task("call", bodies.call);
const map = task("map", bodies.map);
const reduce = task("reduce", bodies.reduce);

/** Does a step with plain values, or with references: the same words for both. */
function computed(plan: readonly Step[]): unknown[][] {
  const results: unknown[][] = [];
  for (const { kind, from, literal } of plan) {
    const taken = from.flatMap((index) => results.slice(index, index + 1));
    if (kind === "call") results.push(bodies.call({ q: { all: taken, literal } }));
    if (kind === "map") results.push([literal, ...taken].map((item) => bodies.map({ item, rest: { deep: taken } })));
    if (kind === "reduce") results.push(bodies.reduce({ rows: results.at(-1) ?? [literal] }));
  }
  return results;
}

function built(plan: readonly Step[]) {
  return flow("any", () => {
    const results: TaskResult<unknown[]>[] = [];
    for (const { kind, from, literal } of plan) {
      const taken = from.flatMap((index) => results.slice(index, index + 1));
      if (kind === "call") results.push(call({ q: { all: taken, literal } }));
      if (kind === "map") results.push(map.map({ item: [literal, ...taken], rest: unmapped({ deep: taken }) }));
      if (kind === "reduce") results.push(reduce({ rows: results.at(-1) ?? [literal] }));
    }
    return results;
  });
}

it("computes with any flow what plain calls compute", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const any = built(plan);
      const run = await any.run();
      expect(run.state.type).toBe("Success");
      expect(any.returned.map((reference) => run.result(reference))).toEqual(computed(plan));
    }),
    { numRuns: 60 },
  );
});
