import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { build } from "./model/build.ts";
import { describedFlow, type FlowDescription } from "./model/description.ts";
import { play } from "./model/rules.ts";
import { accepted, runEngine, ScriptedStore } from "./scripted-store.ts";

/** What the engine makes of it: the states that were sent, and what each entry of a body saw, by label. */
async function ran(description: FlowDescription, concurrency: number, answer: (label: string) => Promise<void>) {
  const saw = new Map<string, unknown[]>();
  const store = new ScriptedStore(async (label, state) => {
    await answer(`${label} ${state.type}`);
    return accepted;
  });
  const flow = build(description, async (label, seen) => {
    saw.set(label, [...(saw.get(label) ?? []), seen]);
    await answer(`body of ${label}`);
  });
  const { state, conclusion } = await runEngine(flow, { store, concurrency });
  return { store, saw, state, conclusion };
}

describe("the engine", () => {
  it("does with any flow, and with whatever its tasks do, what the rules say", async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(describedFlow, fc.scheduler(), fc.integer({ min: 1, max: 5 }), async (description, s, most) => {
        const model = play(description);
        const engine = await s.waitFor(ran(description, most, (what) => s.schedule(Promise.resolve(), what)));
        const told = (label: string): string[] => engine.store.of(label).map(({ type }) => type);

        const labels = [...new Set(engine.store.states.map(({ label }) => label))].filter((label) => label !== "flow");
        expect(Object.fromEntries(labels.map((label) => [label, told(label)]))).toEqual(
          Object.fromEntries(
            [...model.stories]
              .filter(([, { states }]) => states.length > 0)
              .map(([label, { states }]) => [label, states]),
          ),
        );
        expect(Object.fromEntries(engine.saw)).toEqual(
          Object.fromEntries(
            [...model.stories].filter(([, { saw }]) => saw.length > 0).map(([label, { saw }]) => [label, saw]),
          ),
        );
        expect(told("flow")).toEqual(model.flow.states);
        expect(engine.conclusion).toBe(model.flow.message === null ? "handedBack" : "finished");
        if (model.flow.message !== null) expect(engine.state.message).toBe(model.flow.message);
        for (const { states } of model.stories.values()) kinds.add(states.at(-1) ?? "Pending");
      }),
      { numRuns: Number(process.env.MODEL_RUNS ?? 500) },
    );
    // The flows that were drawn are no trivial ones.
    expect([...kinds].sort()).toEqual(["Failed", "Mapped", "Paused", "Pending", "Skipped", "Success", "TriggerFailed"]);
  });
});
