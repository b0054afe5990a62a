import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RedoRun, runsToRedo } from "../../src/cloud/runs-to-redo.ts";
import { makeState, type StateType } from "../../src/state/index.ts";

const run = (task: string, type: StateType, mapIndex: number | null = null): RedoRun => ({
  id: mapIndex === null ? task : `${task}[${mapIndex}]`,
  mapIndex,
  state: makeState(type),
  task: { id: task },
});
const edge = (upstream: string, downstream: string, mapped = false) => ({ upstream, downstream, mapped });
const ids = (runs: readonly RedoRun[]): string[] => runs.map(({ id }) => id);

describe("what runs again when a flow run is retried", () => {
  it("is what failed and what followed from it", () => {
    const runs = [run("a", "Success"), run("b", "Failed"), run("c", "TriggerFailed"), run("clean up", "Success")];
    const edges = [edge("a", "b"), edge("b", "c"), edge("c", "clean up"), edge("a", "clean up")];
    expect(ids(runsToRedo(runs, edges))).toEqual(["b", "c", "clean up"]);
  });

  it("is of mapped tasks the child that failed, and of those mapped over it the child of its index", () => {
    const runs = [
      ...[run("a", "Mapped"), run("a", "Success", 0), run("a", "TimedOut", 1)],
      ...[run("b", "Mapped"), run("b", "Success", 0), run("b", "TriggerFailed", 1), run("sum", "TriggerFailed")],
    ];
    expect(ids(runsToRedo(runs, [edge("a", "b", true), edge("b", "sum")]))).toEqual(["a[1]", "b[1]", "sum"]);
  });

  it("is a mapped task with all its children where what it is mapped over is made anew", () => {
    const runs = [run("list", "Failed"), run("each", "TriggerFailed"), run("each", "Success", 0)];
    expect(ids(runsToRedo(runs, [edge("list", "each", true)]))).toEqual(["list", "each", "each[0]"]);
  });

  it("is never what has not run yet, and leaves nothing that failed or stands on what runs again", () => {
    const types = fc.constantFrom<StateType>("Success", "Failed", "TriggerFailed", "Skipped", "Pending", "Cancelled");
    const graphs = fc.record({
      states: fc.array(types, { minLength: 2, maxLength: 12 }),
      edges: fc.array(fc.tuple(fc.nat(11), fc.nat(11))),
    });
    fc.assert(
      fc.property(graphs, ({ states, edges }) => {
        const runs = states.map((type, at) => run(String(at), type));
        // Downwards only, and between tasks that are there: a flow has no cycles.
        const pairs = edges.filter(([from, to]) => from < to && to < states.length);
        const drawn = pairs.map(([from, to]) => edge(String(from), String(to)));
        const again = new Set(ids(runsToRedo(runs, drawn)));
        for (const { id, state } of runs) {
          if (state.type === "Pending") expect(again).not.toContain(id);
          if (["Failed", "TriggerFailed", "Cancelled"].includes(state.type)) expect(again).toContain(id);
        }
        const kept = runs.filter(({ id, state }) => !again.has(id) && state.type !== "Pending");
        for (const { id } of kept) {
          expect(drawn.filter(({ upstream, downstream }) => downstream === id && again.has(upstream))).toEqual([]);
        }
      }),
    );
  });
});
