import { afterEach, describe, expect, it, vi } from "vitest";
import { context, isSignal, runInContext, type Signal, signals } from "../../src/index.ts";
import { testContext } from "./test-context.ts";

/** The signal that a call throws. */
function thrown(call: () => unknown): Signal {
  try {
    call();
  } catch (error) {
    if (isSignal(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

afterEach(() => vi.useRealTimers());

describe("signals", () => {
  it("carry their kind, message and result", () => {
    expect(thrown(() => signals.fail("bad data"))).toMatchObject({
      kind: "FAIL",
      message: "bad data",
      hasResult: false,
    });
    expect(thrown(() => signals.skip("nothing new", { result: [] }))).toMatchObject({
      kind: "SKIP",
      hasResult: true,
      result: [],
    });
    expect(thrown(() => signals.success("enough", { result: 7 }))).toMatchObject({ kind: "SUCCESS", result: 7 });
    expect(thrown(() => signals.triggerFail("not today"))).toMatchObject({ kind: "TRIGGERFAIL" });
    expect(thrown(() => signals.loop({ result: [1], message: "page 1" }))).toMatchObject({
      kind: "LOOP",
      message: "page 1",
      hasResult: true,
      result: [1],
    });
  });

  it("tell a result of undefined from none", () => {
    expect(thrown(() => signals.success("x", { result: undefined })).hasResult).toBe(true);
    expect(thrown(() => signals.success("x")).hasResult).toBe(false);
    expect(thrown(() => signals.success()).message).toBe("");
  });

  it("say when to go on: at once, at a moment, or after a while", () => {
    vi.useFakeTimers({ now: 1_000_000 });
    expect(thrown(() => signals.retry("again")).startTime).toBeNull();
    expect(thrown(() => signals.retry("again", { at: new Date(5) })).startTime).toBe(5);
    expect(thrown(() => signals.pause("wait", { after: "10s" })).startTime).toBe(1_010_000);
    expect(() => signals.retry("again", { at: new Date("never") })).toThrow(
      'signals.retry(): option at is not a time: Invalid Date. Give a valid Date as "at"',
    );
    expect(() => signals.pause("wait", { after: "soon" as "1s" })).toThrow(
      "signals.pause(): option after is not a time: soon",
    );
  });

  it("let a task pass its pause once it was resumed, and only then", () => {
    const paused = () => signals.pause("look at it first");
    expect(thrown(paused).kind).toBe("PAUSE");
    expect(thrown(() => runInContext(testContext(), paused)).kind).toBe("PAUSE");
    expect(runInContext(testContext({ resume: true }), paused)).toBeUndefined();
  });

  it("are known from errors, also when another copy of the package made them", async () => {
    vi.resetModules();
    const copy = await import("../../src/flow/index.ts");
    expect(copy.signals).not.toBe(signals);
    expect(thrown(() => copy.signals.skip()).kind).toBe("SKIP");
    expect(isSignal(new Error("SKIP"))).toBe(false);
    expect(isSignal(null)).toBe(false);
  });

  it("reach a copy of the package through the same context", async () => {
    vi.resetModules();
    const copy = await import("../../src/flow/index.ts");
    expect(Object.is(copy.context, context)).toBe(false);
    expect(runInContext(testContext({ taskName: "mean" }), () => copy.context.taskName)).toBe("mean");
  });
});
