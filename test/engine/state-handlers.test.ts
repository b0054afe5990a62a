import { describe, expect, it, onTestFinished, vi } from "vitest";
import { context, flow, type StateHandler, signals, type TaskOptions, task } from "../../src/index.ts";
import { makeState } from "../../src/state/index.ts";
import { watch } from "./watch.ts";

const run = (body: () => unknown, options: TaskOptions) => watch(flow("handled", () => task("it", body, options)()));

/** Replaces every state of one type. */
const replace =
  (type: string, by: () => ReturnType<typeof makeState>): StateHandler =>
  (_task, _old, next) =>
    next.type === type ? by() : undefined;

describe("state handlers of a task", () => {
  it("see every change in order, with the task, the old state and the new one", async () => {
    const seen: string[] = [];
    await run(() => 1, {
      stateHandlers: [({ name, slug }, old, next) => void seen.push(`${name} ${slug}: ${old.type} -> ${next.type}`)],
    });
    expect(seen).toEqual(["it it-1: Pending -> Running", "it it-1: Running -> Success"]);
  });

  it("see the result of a success and the error of a failure", async () => {
    const values: unknown[] = [];
    const keep: StateHandler = (_task, _old, next) => void values.push(next.value);
    await run(() => [1, 2], { stateHandlers: [keep] });
    await run(
      () => {
        throw new RangeError("too far");
      },
      { stateHandlers: [keep] },
    );
    expect(values).toEqual([undefined, [1, 2], undefined, new RangeError("too far")]);
  });

  it("hand on a replacement to the next handler", async () => {
    const seen: string[] = [];
    const { types } = await run(() => 1, {
      stateHandlers: [
        replace("Success", () => makeState("Skipped", "not worth telling")),
        async (_task, _old, next) => void seen.push(next.type),
      ],
    });
    expect(types("it-1")).toEqual(["Running", "Skipped"]);
    expect(seen).toEqual(["Running", "Skipped"]);
  });

  it("prevent the body from running by replacing Running", async () => {
    let ran = false;
    const { types } = await run(
      () => {
        ran = true;
      },
      { stateHandlers: [replace("Running", () => makeState("Failed", "closed on Sundays"))] },
    );
    expect(types("it-1")).toEqual(["Failed"]);
    expect(ran).toBe(false);
  });

  it("end the task without its body by throwing a signal at Running", async () => {
    const { types, last } = await run(() => 1, {
      stateHandlers: [(_task, _old, next) => (next.type === "Running" ? signals.skip("holiday") : undefined)],
    });
    expect(types("it-1")).toEqual(["Skipped"]);
    expect(last("it-1").message).toBe("holiday");
  });

  it("make a failure of a success, which is retried like one", async () => {
    let calls = 0;
    const { types } = await run(() => ++calls, {
      maxRetries: 1,
      retryDelay: 0,
      stateHandlers: [(_task, _old, next) => (next.value === 1 ? makeState("Failed", "one is not enough") : undefined)],
    });
    expect(types("it-1")).toEqual(["Running", "Failed", "Retrying", "Running", "Success"]);
  });

  it("that throw make the state Failed and say so", async () => {
    const { types, last } = await run(() => 1, {
      stateHandlers: [
        (_task, _old, next) => {
          if (next.type === "Success") throw new TypeError("no webhook");
        },
      ],
    });
    expect(types("it-1")).toEqual(["Running", "Failed"]);
    expect(last("it-1").message).toBe("Exception raised while calling state handlers: TypeError: no webhook");
  });

  it("that return something that is no state make it Failed", async () => {
    const nonsense = (() => ({ type: "Splendid" })) as unknown as StateHandler;
    const { last } = await run(() => 1, { stateHandlers: [nonsense] });
    expect(last("it-1").type).toBe("Failed");
    expect(last("it-1").message).toMatch(/^Exception raised while calling state handlers: /);
  });

  it("throw RETRY with the attempt's own number", async () => {
    let attempts = 0;
    const { states } = await run(() => 1, {
      stateHandlers: [
        (_task, _old, next) => {
          if (next.type === "Success" && ++attempts < 3) signals.retry("again");
        },
      ],
    });
    expect(states("it-1").flatMap(({ runCount }) => runCount ?? [])).toEqual([1, 2]);
  });

  it("that never answer are given up after a minute", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const asked = Promise.withResolvers<void>();
    const ended = run(() => 1, {
      stateHandlers: [
        () => {
          asked.resolve();
          return new Promise(() => {});
        },
      ],
    });
    await asked.promise;
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await ended).last("it-1")).toMatchObject({
      type: "Failed",
      message: expect.stringContaining("gave no answer within 60 seconds"),
    });
  });

  it("are asked for each child", async () => {
    const seen: unknown[] = [];
    const each = task("each", ({ x }: { x: number }) => x, {
      stateHandlers: [(_task, _old, next) => void seen.push(`${next.type} ${next.value}`)],
    });
    await watch(
      flow("handled", () => each.map({ x: [5, 6] })),
      { concurrency: 1 },
    );
    expect(seen).toEqual(["Mapped undefined", "Running undefined", "Success 5", "Running undefined", "Success 6"]);
  });
});

describe("onFailure of a task", () => {
  it("fires for each attempt that fails, also one that is retried", async () => {
    const failures: string[] = [];
    await run(
      () => {
        throw new Error(`attempt ${context.taskRunCount}`);
      },
      { maxRetries: 2, retryDelay: 0, onFailure: ({ slug }, state) => failures.push(`${slug} ${state.value}`) },
    );
    expect(failures).toEqual(["it-1 Error: attempt 1", "it-1 Error: attempt 2", "it-1 Error: attempt 3"]);
  });

  it("fires for TriggerFailed, and not for Success or Skipped", async () => {
    const failed: string[] = [];
    const onFailure: TaskOptions["onFailure"] = ({ name }, { type }) => failed.push(`${name} ${type}`);
    const bad = task("bad", () => signals.fail(), { onFailure });
    const below = task("below", () => 1, { onFailure });
    const good = task("good", () => 1, { onFailure });
    await watch(
      flow("handled", () => {
        good();
        below().after(bad());
      }),
    );
    expect(failed).toEqual(["bad Failed", "below TriggerFailed"]);
  });

  it("comes after the handlers, with the state they left", async () => {
    const failed: string[] = [];
    await run(() => signals.fail("first"), {
      stateHandlers: [replace("Failed", () => makeState("Failed", "second"))],
      onFailure: (_task, state) => failed.push(state.message ?? ""),
    });
    expect(failed).toEqual(["second"]);
  });
});
