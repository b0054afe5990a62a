import { describe, expect, it } from "vitest";
import { flow, parameter, signals, type TaskOptions, task, triggers, unmapped } from "../../src/index.ts";
import { watch } from "./watch.ts";

const double = task("double", ({ x }: { x: number }) => 2 * x);
const total = task("total", ({ xs }: { xs: readonly number[] }) => xs.reduce((sum, x) => sum + x, 0));
const list = task("list", ({ length }: { length: number }) => Array.from({ length }, (_, index) => index));
const boom = task("boom", (): number[] => {
  throw new Error("no data");
});

describe("a mapped task", () => {
  it("runs once for each element and hands the results on in order", async () => {
    const { run, types, last } = await watch(
      flow("map", () => total({ xs: double.map({ x: parameter("xs", { default: [1, 2, 3] }) }) })),
    );
    expect(last("double-1")).toMatchObject({
      type: "Mapped",
      message: "Ready to proceed with mapping.",
      mapCount: 3,
    });
    expect(types("double-1[2]")).toEqual(["Running", "Success"]);
    expect(run.result("double-1")).toEqual([2, 4, 6]);
    expect(run.result("total-1")).toBe(12);
  });

  it("takes several inputs apart in step, up to the end of the shortest", async () => {
    const pair = task("pair", ({ a, b }: { a: number; b: string }) => `${a}${b}`);
    const { run } = await watch(flow("zip", () => pair.map({ a: [1, 2, 3], b: ["x", "y"] })));
    expect(run.result("pair-1")).toEqual(["1x", "2y"]);
  });

  it("hands unmapped inputs whole to every child", async () => {
    const at = task("at", ({ x, all }: { x: number; all: readonly number[] }) => all[x]);
    const { run } = await watch(flow("unmapped", () => at.map({ x: [2, 0], all: unmapped(list({ length: 3 })) })));
    expect(run.result("at-1")).toEqual([2, 0]);
  });

  it("over an empty list is Mapped without children, and its reduce gets an empty list", async () => {
    const { run, story } = await watch(flow("empty", () => total({ xs: double.map({ x: list({ length: 0 }) }) })));
    expect(story.filter((line) => line.startsWith("double-1"))).toEqual(["double-1 Mapped"]);
    expect(run.result("double-1")).toEqual([]);
    expect(run.result("total-1")).toBe(0);
  });

  it("of two inputs, one of which failed, has its children, whose triggers and bodies see the failure", async () => {
    const pair = (trigger: TaskOptions["trigger"]) =>
      task(
        "pair",
        ({ a, b }: { a: number; b: unknown }) => `${a} ${b instanceof Error}`,
        trigger === undefined ? {} : { trigger },
      );
    const build = (trigger?: TaskOptions["trigger"]) => () => pair(trigger).map({ a: list({ length: 2 }), b: boom() });
    const refused = await watch(flow("half", build()));
    expect(refused.last("pair-1")).toMatchObject({ type: "Mapped", mapCount: 2 });
    expect(refused.types("pair-1[1]")).toEqual(["TriggerFailed"]);
    const { run } = await watch(flow("half", build(triggers.anyFailed)));
    expect(run.result("pair-1")).toEqual(["0 true", "1 true"]);
  });

  it("over a mapped task goes on depth first: a chain is finished before the next one begins", async () => {
    const order: string[] = [];
    const step = (name: string) =>
      task(name, ({ x }: { x: number }) => {
        order.push(`${name}${x}`);
        return x;
      });
    const [a, b, c] = [step("a"), step("b"), step("c")];
    await watch(
      flow("deep", () => c.map({ x: b.map({ x: a.map({ x: [0, 1, 2] }) }) })),
      { concurrency: 1 },
    );
    expect(order).toEqual(["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"]);
  });

  it("does not wait for its slow siblings' upstream", async () => {
    const slow = Promise.withResolvers<void>();
    const first = task("first", async ({ x }: { x: number }) => {
      if (x === 0) await slow.promise;
      return x;
    });
    const second = task("second", ({ x }: { x: number }) => {
      if (x === 2) slow.resolve();
      return x;
    });
    const { run } = await watch(flow("no barrier", () => second.map({ x: first.map({ x: [0, 1, 2] }) })));
    expect(run.result("second-1")).toEqual([0, 1, 2]);
  });

  it("over what is no list fails, and says what it was and whose", async () => {
    const word = task("word", () => "Seattle" as unknown as number[]);
    const { last, run } = await watch(flow("unmappable", () => double.map({ x: word() })));
    expect(last("double-1")).toMatchObject({
      type: "Failed",
      message: "At least one upstream state has an unmappable result: word returned String, not an array.",
    });
    expect(run.state.type).toBe("Failed");
  });

  it("maps over a typed array", async () => {
    const floats = task("floats", () => new Float64Array([1.5, 2.5]) as unknown as number[]);
    const { run } = await watch(flow("typed", () => double.map({ x: floats() })));
    expect(run.result("double-1")).toEqual([3, 5]);
  });

  it("over a failed task fails without children", async () => {
    const { last, story } = await watch(flow("failed upstream", () => double.map({ x: boom() })));
    expect(last("double-1")).toMatchObject({ type: "Failed", message: "No upstream states can be mapped over." });
    expect(story.some((line) => line.startsWith("double-1["))).toBe(false);
  });

  it("below a failed task that it takes no elements of asks each child's trigger", async () => {
    const { types } = await watch(flow("failed order", () => double.map({ x: [1, 2] }).after(boom())));
    expect(types("double-1")).toEqual(["Mapped"]);
    expect(types("double-1[0]")).toEqual(["TriggerFailed"]);
  });

  it("lets the other children and their consumers run when one fails", async () => {
    const odd = task("odd", ({ x }: { x: number }): number => (x % 2 ? x : signals.fail(`${x} is even`)));
    const { run, last } = await watch(flow("one fails", () => double.map({ x: odd.map({ x: [1, 2, 3] }) })));
    expect(last("double-1[1]").type).toBe("TriggerFailed");
    expect(run.result("double-1")).toMatchObject([2, undefined, 6]);
  });

  it("has ten thousand children", async () => {
    const { run } = await watch(
      flow("many", () => total({ xs: double.map({ x: double.map({ x: list({ length: 10_000 }) }) }) })),
    );
    expect(run.result("total-1")).toBe(4 * ((9_999 * 10_000) / 2));
    expect(run.taskRuns.filter(({ state }) => state.type === "Success")).toHaveLength(20_002);
  });
});

describe("a reduce", () => {
  const odd = task("odd", ({ x }: { x: number }): number => {
    if (x % 2) return x;
    throw new RangeError(`${x} is even`);
  });
  const look = (trigger?: (typeof triggers)["allFinished"]) =>
    task("look", ({ xs }: { xs: readonly unknown[] }) => xs.map(String), trigger === undefined ? {} : { trigger });

  it("does not run by default when a child has failed", async () => {
    const { types } = await watch(flow("reduce", () => look()({ xs: odd.map({ x: [1, 2] }) })));
    expect(types("look-1")).toEqual(["TriggerFailed"]);
  });

  it("that runs all the same sees failed children as Errors", async () => {
    const { run } = await watch(flow("reduce", () => look(triggers.allFinished)({ xs: odd.map({ x: [1, 2, 3] }) })));
    expect(run.result("look-1")).toEqual(["1", "RangeError: 2 is even", "3"]);
  });

  it("sees an Error also for a child that never ran", async () => {
    const { run } = await watch(
      flow("reduce", () => look(triggers.allFinished)({ xs: double.map({ x: odd.map({ x: [1, 2] }) }) })),
    );
    expect(run.result("look-1")).toEqual([
      "2",
      'Error: Trigger was "all_successful" but some of the upstream tasks failed.',
    ]);
  });

  it("may use the list twice, and a list of lists", async () => {
    const both = task("both", ({ a, b }: { a: readonly number[]; b: { c: readonly (readonly unknown[])[] } }) => [
      a.length,
      b.c.map((inner) => inner.length),
    ]);
    const { run } = await watch(
      flow("reduce", () => {
        const doubled = double.map({ x: [1, 2, 3] });
        return both({ a: doubled, b: { c: [doubled, list.map({ length: [0, 1] })] } });
      }),
    );
    expect(run.result("both-1")).toEqual([3, [3, 2]]);
  });
});
