import { describe, expect, it } from "vitest";
import { context, flow, signals, task } from "../../src/index.ts";
import { watch } from "./watch.ts";

const twice = { maxRetries: 2, retryDelay: 0 } as const;

describe("retries", () => {
  it("tell Failed before Retrying, with Prefect's message, until the attempts are used up", async () => {
    const never = task(
      "never",
      () => {
        throw new Error(`attempt ${context.taskRunCount}`);
      },
      twice,
    );
    const { states, run } = await watch(flow("retries", () => never()));
    expect(states("never-1").map(({ type, message }) => `${type}: ${message}`)).toEqual([
      "Running: Starting task run.",
      "Failed: Error during execution of task: Error: attempt 1",
      "Retrying: Retrying Task (after attempt 1 of 3)",
      "Running: Starting task run.",
      "Failed: Error during execution of task: Error: attempt 2",
      "Retrying: Retrying Task (after attempt 2 of 3)",
      "Running: Starting task run.",
      "Failed: Error during execution of task: Error: attempt 3",
    ]);
    expect(run.state.type).toBe("Failed");
    expect(run.result("never-1")).toMatchObject({ message: "attempt 3" });
  });

  it("start no earlier than the delay after the failure", async () => {
    const starts: number[] = [];
    const late = task(
      "late",
      () => {
        starts.push(Date.now());
        if (context.taskRunCount === 1) throw new Error("once");
      },
      { maxRetries: 1, retryDelay: 30 },
    );
    const { states } = await watch(flow("retries", () => late()));
    const due = states("late-1")[2]?.startTime ?? Number.NaN;
    expect(starts).toHaveLength(2);
    expect(starts[1]).toBeGreaterThanOrEqual(due);
    expect(due - (starts[0] ?? 0)).toBeGreaterThanOrEqual(30);
  });

  it("are for the errors that retryOn names", async () => {
    const only = (error: Error) =>
      task(
        "only",
        () => {
          throw error;
        },
        { ...twice, retryOn: [RangeError] },
      );
    const named = await watch(flow("retries", () => only(new RangeError("far"))()));
    const other = await watch(flow("retries", () => only(new TypeError("odd"))()));
    expect(named.types("only-1").filter((type) => type === "Retrying")).toHaveLength(2);
    expect(other.types("only-1")).toEqual(["Running", "Failed"]);
  });

  it("let the failure of one child be repeated alone", async () => {
    const flaky = task(
      "flaky",
      ({ x }: { x: number }) => {
        if (x === 2 && context.taskRunCount === 1) throw new Error("once");
        return x;
      },
      twice,
    );
    const { types, run } = await watch(flow("retries", () => flaky.map({ x: [1, 2, 3] })));
    expect(types("flaky-1[0]")).toEqual(["Running", "Success"]);
    expect(types("flaky-1[1]")).toEqual(["Running", "Failed", "Retrying", "Running", "Success"]);
    expect(run.result("flaky-1")).toEqual([1, 2, 3]);
  });

  it("hold no slot while they wait", async () => {
    const order: string[] = [];
    const others = Promise.withResolvers<void>();
    const waits = task("waits", () => {
      order.push(`waits ${context.taskRunCount}`);
      if (context.taskRunCount === 1) signals.retry("when the others are done", { after: 20 });
    });
    const other = task("other", ({ name }: { name: string }) => {
      order.push(name);
      if (name === "b") others.resolve();
    });
    const slow = flow("retries", () => {
      waits();
      other({ name: "a" });
      other({ name: "b" });
    });
    await watch(slow, { concurrency: 1 });
    await others.promise;
    expect(order).toEqual(["waits 1", "a", "b", "waits 2"]);
  });

  it("of a result that a handler refuses are counted too", async () => {
    const locations: string[] = [];
    const resultHandler = {
      describe: () => ({ type: "Flaky" }),
      write: async (value: unknown) => {
        locations.push(`attempt ${locations.length + 1}`);
        if (locations.length === 1) throw new Error("disk full");
        return JSON.stringify(value);
      },
      read: async (location: string) => JSON.parse(location),
    };
    const it = task("it", () => 5, { ...twice, resultHandler });
    const { states, last } = await watch(
      flow("retries", () => it()),
      { checkpointing: true },
    );
    expect(states("it-1").map(({ type }) => type)).toEqual(["Running", "Failed", "Retrying", "Running", "Success"]);
    expect(states("it-1")[1]?.message).toBe("The result of task 'it' could not be persisted: disk full");
    expect(last("it-1").result).toEqual({ handler: { type: "Flaky" }, location: "5" });
  });
});
