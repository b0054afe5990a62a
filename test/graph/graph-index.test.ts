import { describe, expect, it } from "vitest";
import { indexGraph } from "../../src/graph/index.ts";
import { edge, graph, spec } from "./graphs.ts";

const tasks = ["a", "b", "c", "d"].map((slug) => spec(slug));
const edges = [edge("a", "b", { key: "x" }), edge("a", "c", { key: "y" }), edge("b", "c", { key: "z" })];

describe("indexGraph", () => {
  it("finds a task and its neighbours by slug", () => {
    const index = indexGraph(graph(tasks, edges));
    expect(index.task("c")).toBe(tasks[2]);
    expect(index.upstream("c").map(({ key }) => key)).toEqual(["y", "z"]);
    expect(index.downstream("a").map(({ downstream }) => downstream)).toEqual(["b", "c"]);
    expect(index.upstream("a")).toEqual([]);
    expect(index.downstream("d")).toEqual([]);
  });

  it("takes the terminal tasks for reference tasks unless the author chose others", () => {
    expect(indexGraph(graph(tasks, edges)).terminalTasks).toEqual(["c", "d"]);
    expect(indexGraph(graph(tasks, edges)).referenceTasks).toEqual(["c", "d"]);
    const chosen = indexGraph(graph(tasks, edges, { referenceTasks: ["b"] }));
    expect(chosen.referenceTasks).toEqual(["b"]);
    expect(chosen.terminalTasks).toEqual(["c", "d"]);
  });

  it.each([
    ["an edge", graph(tasks, [edge("a", "gone")])],
    ["a reference task", graph(tasks, edges, { referenceTasks: ["gone"] })],
  ])("refuses %s to a task that is not there, with the tasks that are", (_what, broken) => {
    expect(() => indexGraph(broken)).toThrow(
      'There is no task "gone" in flow "test". Its tasks are: "a", "b", "c", "d".',
    );
  });
});
