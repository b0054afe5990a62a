import { describe, expect, it } from "vitest";
import { context, flow, signals, type TaskOptions, task, triggers } from "../../src/index.ts";
import { watch } from "./watch.ts";

/** Adds up the numbers to `count`, one in each iteration. */
const sumTo = (count: number, options: TaskOptions = {}, disturb: () => void = () => {}) =>
  task(
    "sum",
    () => {
      const sum = Number(context.loopResult ?? 0) + context.loopCount;
      if (context.loopCount === 3) disturb();
      return context.loopCount < count ? signals.loop({ result: sum }) : sum;
    },
    options,
  );

describe("loops", () => {
  it("run the body again with the result so far, and tell each iteration", async () => {
    const { states, run } = await watch(flow("loops", () => sumTo(3)()));
    expect(states("sum-1").map(({ type, loopCount, message }) => [type, loopCount ?? 0, message])).toEqual([
      ["Running", 0, "Starting task run."],
      ["Looped", 1, "Task is looping (1)"],
      ["Running", 0, "Starting task run."],
      ["Looped", 2, "Task is looping (2)"],
      ["Running", 0, "Starting task run."],
      ["Success", 0, "Task run succeeded."],
    ]);
    expect(run.result("sum-1")).toBe(6);
  });

  it("have no result before the first iteration", async () => {
    const first = task("first", () => [context.loopCount, context.loopResult]);
    const { run } = await watch(flow("loops", () => first()));
    expect(run.result("first-1")).toEqual([1, undefined]);
  });

  it("go on for a thousand iterations", async () => {
    const { run } = await watch(flow("loops", () => sumTo(1000)()));
    expect(run.result("sum-1")).toBe(500_500);
  });

  it("repeat only the iteration that failed", async () => {
    let broken = true;
    const sum = sumTo(4, { maxRetries: 1, retryDelay: 0 }, () => {
      if (!broken) return;
      broken = false;
      throw new Error("the line was cut");
    });
    const { types, run } = await watch(flow("loops", () => sum()));
    expect(types("sum-1").filter((type) => type === "Looped")).toHaveLength(3);
    expect(types("sum-1")).toContain("Retrying");
    expect(run.result("sum-1")).toBe(10);
  });

  it("repeat only the iteration that asked for a retry", async () => {
    let broken = true;
    const sum = sumTo(4, {}, () => {
      if (!broken) return;
      broken = false;
      signals.retry("once more");
    });
    const { types, run } = await watch(flow("loops", () => sum()));
    expect(types("sum-1").filter((type) => type === "Looped")).toHaveLength(3);
    expect(run.result("sum-1")).toBe(10);
  });

  it("keep the attempt's number through the iterations", async () => {
    const counts: string[] = [];
    const it = task(
      "it",
      () => {
        counts.push(`${context.taskRunCount}.${context.loopCount}`);
        if (counts.length === 2) throw new Error("once");
        if (context.loopCount < 3) signals.loop({ result: null });
      },
      { maxRetries: 1, retryDelay: 0 },
    );
    await watch(flow("loops", () => it()));
    expect(counts).toEqual(["1.1", "1.2", "2.2", "2.3"]);
  });

  it("that fail for good leave the error behind, not the iteration's result", async () => {
    const sum = sumTo(4, {}, () => {
      throw new RangeError("too far");
    });
    const look = task("look", ({ x }: { x: unknown }) => String(x), { trigger: triggers.allFinished });
    const { run } = await watch(flow("loops", () => look({ x: sum() })));
    expect(run.result("look-1")).toBe("RangeError: too far");
  });

  it("that time out leave an error behind, not the iteration's result", async () => {
    const hangs = task(
      "hangs",
      () => (context.loopCount === 1 ? signals.loop({ result: "so far" }) : new Promise(() => {})),
      { timeout: 10 },
    );
    const look = task("look", ({ x }: { x: unknown }) => x instanceof Error, { trigger: triggers.allFinished });
    const { run, last } = await watch(flow("loops", () => look({ x: hangs() })));
    expect(last("hangs-1").type).toBe("TimedOut");
    expect(run.result("look-1")).toBe(true);
    expect(run.result("hangs-1")).toBeInstanceOf(Error);
  });

  it("of mapped children are each their own", async () => {
    const countTo = task("count to", ({ n }: { n: number }): number =>
      context.loopCount < n ? signals.loop({ result: context.loopCount }) : 10 * Number(context.loopResult ?? 0) + n,
    );
    const { run } = await watch(flow("loops", () => countTo.map({ n: [1, 2, 3] })));
    expect(run.result("count to-1")).toEqual([1, 12, 23]);
  });
});
