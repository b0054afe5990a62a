import { describe, expect, it } from "vitest";
import { context, flow, signals, task, triggers } from "../../src/index.ts";
import { watch } from "./watch.ts";

const once = (body: () => unknown) => flow("signals", () => task("it", body)());

describe("signals thrown by a body", () => {
  it("FAIL ends it Failed with the message", async () => {
    const { types, last, run } = await watch(once(() => signals.fail("the sensor is off")));
    expect(types("it-1")).toEqual(["Running", "Failed"]);
    expect(last("it-1").message).toBe("the sensor is off");
    expect(run.state).toMatchObject({ type: "Failed", message: "Some reference tasks failed." });
  });

  it("FAIL is retried like any failure", async () => {
    const it = task("it", () => (context.taskRunCount === 1 ? signals.fail("not yet") : "now"), {
      maxRetries: 1,
      retryDelay: 0,
    });
    const { types, run } = await watch(flow("signals", () => it()));
    expect(types("it-1")).toEqual(["Running", "Failed", "Retrying", "Running", "Success"]);
    expect(run.result("it-1")).toBe("now");
  });

  it("FAIL hands its result to whoever looks at the failure", async () => {
    const look = task("look", ({ x }: { x: unknown }) => x, { trigger: triggers.anyFailed });
    const half = task("half", () => signals.fail("half done", { result: [1, 2] }));
    const { run } = await watch(flow("signals", () => look({ x: half() })));
    expect(run.result("look-1")).toEqual([1, 2]);
  });

  it("SKIP ends it Skipped, and the flow well", async () => {
    const { last, run } = await watch(once(() => signals.skip("no readings")));
    expect(last("it-1")).toMatchObject({ type: "Skipped", message: "no readings" });
    expect(run.state.type).toBe("Success");
  });

  it("SUCCESS ends it with that result and message", async () => {
    const { last, run } = await watch(once(() => signals.success("good enough", { result: 7 })));
    expect(last("it-1")).toMatchObject({ type: "Success", message: "good enough" });
    expect(run.result("it-1")).toBe(7);
  });

  it("SUCCESS with an array is mapped over like a returned one", async () => {
    const list = task("list", (): number[] => signals.success("enough", { result: [1, 2] }));
    const ten = task("ten", ({ x }: { x: number }) => 10 * x);
    const { run } = await watch(flow("signals", () => ten.map({ x: list() })));
    expect(run.result("ten-1")).toEqual([10, 20]);
  });

  it("RETRY makes another attempt though no retries were granted", async () => {
    const { types, states, run } = await watch(
      once(() => (context.taskRunCount < 3 ? signals.retry("again") : context.taskRunCount)),
    );
    expect(types("it-1")).toEqual(["Running", "Retrying", "Running", "Retrying", "Running", "Success"]);
    expect(states("it-1").flatMap(({ runCount }) => runCount ?? [])).toEqual([1, 2]);
    expect(run.result("it-1")).toBe(3);
  });

  it("PAUSE leaves it Paused until somebody resumes it, and the run Running", async () => {
    const pauses = task("pauses", () => signals.pause("look at the chart"));
    const below = task("below", () => 1);
    const { last, types, run } = await watch(flow("signals", () => below().after(pauses())));
    expect(last("pauses-1")).toMatchObject({ type: "Paused", message: "look at the chart", startTime: null });
    expect(types("below-1")).toEqual([]);
    expect(run.state.type).toBe("Running");
  });

  it("PAUSE until a moment says when", async () => {
    const at = new Date(Date.UTC(2099, 0, 1));
    const { last } = await watch(once(() => signals.pause("later", { at })));
    expect(last("it-1").startTime).toBe(at.getTime());
  });

  it("TRIGGERFAIL ends it TriggerFailed, which is retried as any failure of a body is", async () => {
    const it = task("it", () => signals.triggerFail("not my day"), { maxRetries: 1, retryDelay: 0 });
    const { types, last } = await watch(flow("signals", () => it()));
    expect(types("it-1")).toEqual(["Running", "TriggerFailed", "Retrying", "Running", "TriggerFailed"]);
    expect(last("it-1").message).toBe("not my day");
  });

  it("have their usual messages when they are given none", async () => {
    const usual = async (body: () => unknown) => (await watch(once(body))).last("it-1").message;
    expect(await usual(() => signals.pause())).toBe("Pause signal raised during task execution.");
    expect(await usual(() => signals.success())).toBe("Task run succeeded.");
    expect(await usual(() => signals.fail())).toBe("The task failed itself.");
    expect(await usual(() => signals.skip())).toBe("The task skipped itself.");
  });
});
