import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFinished, makeState, type State, type StateType } from "../../src/state/index.ts";
import { buildRandom } from "./build-random.ts";
import { oracle, randomFlow } from "./random-flows.ts";
import { accepted, runEngine, ScriptedStore } from "./scripted-store.ts";

const stateOf = (type: string): State => makeState(type as StateType);

describe("any flow, whatever the order in which the API answers", () => {
  it("starts no body too early, ends every task run once, keeps to its limit and ends as it must", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomFlow,
        fc.scheduler(),
        fc.integer({ min: 1, max: 4 }),
        async (description, s, concurrency) => {
          const expected = oracle(description);
          const inForce = new Map<string, string[]>();
          const last = (label: string): string => inForce.get(label)?.at(-1) ?? "Pending";
          const familyOf = (slug: string): string[] => [
            slug,
            ...Array.from({ length: expected.widths.get(slug) ?? 0 }, (_, index) => `${slug}[${index}]`),
          ];
          const mistakes: string[] = [];
          let inside = 0;

          const store = new ScriptedStore(async (label, state) => {
            await s.schedule(Promise.resolve(), `${label} ${state.type}`);
            inForce.set(label, [...(inForce.get(label) ?? []), state.type]);
            return accepted;
          });
          const random = buildRandom(description, async (label) => {
            inside += 1;
            if (inside > concurrency) mistakes.push(`${inside} bodies at once`);
            if (last(label) !== "Running") mistakes.push(`${label} ran while it was ${last(label)}`);
            for (const { upstream, downstream, mapped } of random.graph.edges) {
              if (label.replace(/\[.*/, "") !== downstream) continue;
              const child = label.replace(downstream, upstream);
              const needed = mapped && expected.widths.has(upstream) ? [upstream, child] : familyOf(upstream);
              for (const each of needed)
                if (!isFinished(stateOf(last(each)))) mistakes.push(`${label} ran while ${each} was ${last(each)}`);
            }
            await s.schedule(Promise.resolve(), `body of ${label}`);
            inside -= 1;
          });
          const { state, conclusion } = await s.waitFor(runEngine(random, { store, concurrency }));

          expect(mistakes).toEqual([]);
          expect([state.type, conclusion]).toEqual([expected.flow, "finished"]);
          const endings = [...inForce].filter(([label]) => label !== "flow").map(([label]) => [label, last(label)]);
          expect(Object.fromEntries(endings)).toEqual(Object.fromEntries(expected.endings));
          for (const [label, types] of inForce) {
            const ends = types.filter((type, at) => isFinished(stateOf(type)) && types[at + 1] !== "Retrying");
            expect([label, ends]).toEqual([label, [types.at(-1)]]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
