import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Tally } from "../../../src/cli/terminal/output/live/tally.ts";
import type { FlowGraph } from "../../../src/graph/index.ts";
import { type StateType, stateTypes } from "../../../src/state/index.ts";
import { run, state } from "./events.ts";

function clock() {
  let time = 1_000;
  return { now: () => time, pass: (ms: number) => (time += ms) };
}

describe("a tally", () => {
  test("counts the children of a mapped task, those that nothing was heard of as Pending", () => {
    const tally = new Tally(Date.now);
    tally.onTaskState(run("fetch-1"), state("Mapped", null, { mapCount: 10 }));
    tally.onTaskState(run("fetch-1", 0), state("Running"));
    tally.onTaskState(run("fetch-1", 1), state("Running"));
    tally.onTaskState(run("fetch-1", 1), state("Failed", "no such day"));
    const { tasks, counts } = tally.snapshot();
    expect(tasks[0]?.children).toMatchObject({
      total: 10,
      finished: 1,
      failures: [{ mapIndex: 1, message: "no such day" }],
    });
    expect(counts).toEqual(
      new Map([
        ["Pending", 8],
        ["Running", 1],
        ["Failed", 1],
      ]),
    );
  });

  test("a child that failed and then succeeded is no failure", () => {
    const tally = new Tally(Date.now);
    for (const type of ["Running", "Failed", "Retrying", "Running", "Success"] as const) {
      tally.onTaskState(run("fetch-1", 7), state(type));
    }
    expect(tally.snapshot().tasks[0]?.children).toMatchObject({ finished: 1, failures: [] });
  });

  test("counts what an earlier process has ended, without a time", () => {
    const tally = new Tally(Date.now);
    tally.onTaskKept(run("fetch-1"), state("Mapped", null, { mapCount: 2 }));
    tally.onTaskKept(run("fetch-1", 0), state("Success"));
    tally.onTaskKept(run("load-1"), state("Success"));
    const { tasks, counts } = tally.snapshot();
    expect(counts).toEqual(
      new Map([
        ["Pending", 1],
        ["Success", 2],
      ]),
    );
    expect(tasks[1]).toMatchObject({ startedAt: null, endedAt: null });
  });

  test("times a task from its first Running to its last finished state", () => {
    const { now, pass } = clock();
    const tally = new Tally(now);
    tally.onTaskState(run("mean-1"), state("Running"));
    pass(5);
    tally.onTaskState(run("mean-1"), state("Failed"));
    tally.onTaskState(run("mean-1"), state("Retrying"));
    pass(10);
    tally.onTaskState(run("mean-1"), state("Running"));
    pass(2);
    tally.onTaskState(run("mean-1"), state("Success"));
    const [task] = tally.snapshot().tasks;
    expect((task?.endedAt ?? 0) - (task?.startedAt ?? 0)).toBe(17);
  });

  test("always counts every task run exactly once, whatever states it went through", () => {
    const event = fc.record({
      slug: fc.constantFrom("a", "b"),
      mapIndex: fc.nat(6),
      type: fc.constantFrom<StateType>(...stateTypes),
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const tally = new Tally(Date.now);
        for (const { slug, mapIndex, type } of events) tally.onTaskState(run(slug, mapIndex), state(type));
        const runs = new Map(events.map((one) => [`${one.slug}[${one.mapIndex}]`, one.type]));
        const { counts } = tally.snapshot();
        for (const type of stateTypes) {
          expect(counts.get(type) ?? 0).toBe([...runs.values()].filter((last) => last === type).length);
        }
      }),
    );
  });

  test("shows a task by its name, or by its slug where two share one, and no constants", () => {
    const tally = new Tally(Date.now);
    const tasks = [
      { slug: "mean-1", name: "mean", kind: "task" },
      { slug: "mean-2", name: "mean", kind: "task" },
      { slug: "fetch-day-1", name: "fetch day", kind: "task" },
      { slug: "list-1", name: "List", kind: "constant" },
    ];
    tally.plan({ tasks } as FlowGraph);
    tally.onTaskState(run("list-1"), state("Success"));
    const { counts, tasks: shown } = tally.snapshot();
    expect(shown.map(({ name }) => name)).toEqual(["mean-1", "mean-2", "fetch day"]);
    expect(counts).toEqual(new Map([["Pending", 3]]));
  });
});
