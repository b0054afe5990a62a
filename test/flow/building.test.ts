import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { isFlow, refuseDuplicateFlows } from "../../src/flow/index.ts";
import { flowGraphSchema } from "../../src/graph/schemas.ts";
import { Flow, flow, LocalEnvironment, parameter, setReferenceTasks, type TaskResult, task } from "../../src/index.ts";

const one = task("one", () => 1);
const two = task("two", ({ x }: { x: number }) => x + 1);
const here = fileURLToPath(import.meta.url);

describe("flow", () => {
  it("runs its build function once, at once, and keeps what it returned", () => {
    const build = vi.fn(() => ({ last: two({ x: one() }) }));
    const built = flow("weather report", build);
    expect(build).toHaveBeenCalledTimes(1);
    expect(built.returned.last.slug).toBe("two-1");
    expect(built.graph).toMatchObject({ name: "weather report", slug: "weather-report", referenceTasks: null });
    expect([built instanceof Flow, isFlow(built), isFlow({ graph: built.graph })]).toEqual([true, true, false]);
  });

  it("is plain data that the runner can take from a host", () => {
    const built = flow("f", () => two.map({ x: [one(), parameter("x", { default: 2 })] }), {
      environment: new LocalEnvironment({ labels: ["gpu"] }),
      onFailure: () => {},
      terminalStateHandler: () => undefined,
    });
    const { graph } = built;
    expect(flowGraphSchema.parse(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
    expect(graph).toMatchObject({
      hasStateHandlers: true,
      hasTerminalStateHandler: true,
      environment: { type: "LocalEnvironment", labels: ["gpu"], custom: false },
    });
  });

  it("knows where it was written", () => {
    const built = flow("f", () => one());
    const line = new Error("here").stack?.match(/building\.test\.ts:(\d+)/)?.[1];
    expect(built.definedIn).toBe(here);
    expect(built.definedAt).toBe(`${here}:${Number(line) - 1}`);
    expect(built.graph.tasks[0]?.definedAt).toMatch(/building\.test\.ts:7$/);
  });

  it("may be built inside another without either seeing the other's tasks", () => {
    const outer = flow("outer", () => {
      one();
      const inner = flow("inner", () => two({ x: 1 }));
      one();
      return inner;
    });
    expect(outer.graph.tasks.map(({ slug }) => slug)).toEqual(["one-1", "one-2"]);
    expect(outer.returned.graph.tasks.map(({ slug }) => slug)).toEqual(["two-1"]);
  });

  it("may have no tasks", () => {
    expect(flow("empty", () => {}).graph).toMatchObject({ tasks: [], edges: [] });
  });

  it("is refused without a name, with an unknown option, without a function, and with one that is asynchronous", () => {
    expect(() => flow("  ", () => {})).toThrow('A flow needs a name that is a string and not empty, not "  ".');
    expect(() => flow(undefined as unknown as string, () => {})).toThrow("not undefined.");
    expect(() => flow("f", {} as () => void)).toThrow('Flow "f": option build: it must be a function.');
    expect(() => flow("f", () => {}, { maxRetries: -1 })).toThrow("option maxRetries: it must be a whole number");
    expect(() => flow("f", () => {}, { maxRetries: 1, retryDelay: "soon" as "1s" })).toThrow(
      /option retryDelay: .* not "soon"/,
    );
    expect(() => flow("f", () => {}, { resulthandler: null } as object)).toThrow(
      'Flow "f": option resulthandler: there is no such option. There are: resultHandler, environment,',
    );
    const slow = () =>
      flow("slow", async () => {
        throw new Error("nobody hears this");
      });
    expect(slow).toThrow('The build function of flow "slow" returned a promise.');
  });

  it("draws itself", () => {
    expect(flow("f", () => two({ x: one() })).visualize()).toBe(
      'flowchart TD\n  n0["one"]\n  n1["two"]\n  n0 -- "x" --> n1\n',
    );
  });
});

describe("reference tasks", () => {
  const build = () => ({ first: one(), second: two({ x: 1 }) });

  it("are named by slug, picked from what was returned, or set while building", () => {
    expect(flow("f", build, { referenceTasks: ["one-1"] }).graph.referenceTasks).toEqual(["one-1"]);
    expect(flow("f", build, { referenceTasks: ({ second }) => second }).graph.referenceTasks).toEqual(["two-1"]);
    const list = flow("f", build, { referenceTasks: ({ first, second }) => [first, second, first] });
    expect(list.graph.referenceTasks).toEqual(["one-1", "two-1"]);
    const inside = flow("f", () => {
      const { second } = build();
      setReferenceTasks(second);
    });
    expect(inside.graph.referenceTasks).toEqual(["two-1"]);
  });

  it("are the terminal ones again when none is named", () => {
    expect(flow("f", build, { referenceTasks: [] }).graph.referenceTasks).toBeNull();
    expect(flow("f", build, { referenceTasks: () => [] }).graph.referenceTasks).toBeNull();
  });

  it("are refused when they are not in the flow, with the names of those that are", () => {
    expect(() => flow("f", build, { referenceTasks: ["one-1", "gone"] })).toThrow(
      'Flow "f": the reference tasks "gone" are not in the flow. Its tasks are: "one-1", "two-1".',
    );
    const { first } = flow("other", build).returned;
    expect(() => flow("f", build, { referenceTasks: () => first })).toThrow(
      'Flow "f" uses the result of "one-1", a task of flow "other".',
    );
    const nothing = { slug: "x" } as unknown as TaskResult<number>;
    expect(() => flow("f", build, { referenceTasks: () => nothing })).toThrow("a task's result was expected");
    expect(() => setReferenceTasks()).toThrow("setReferenceTasks() was called outside of a flow's build function.");
  });
});

describe("refuseDuplicateFlows", () => {
  it("refuses flows of one name, with the places, but not one flow twice", () => {
    const first = flow("weather", () => one());
    const second = flow("weather", () => two({ x: 1 }));
    expect(() => refuseDuplicateFlows([first, flow("other", () => {}), first])).not.toThrow();
    expect(() => refuseDuplicateFlows([first, second])).toThrow(
      `There are 2 flows named "weather" (${first.definedAt}, ${second.definedAt}).`,
    );
  });
});
