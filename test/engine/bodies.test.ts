import { describe, expect, it } from "vitest";
import { context, flow, task, triggers } from "../../src/index.ts";
import { watch } from "./watch.ts";

const failing = async (body: () => unknown) => (await watch(flow("odd", () => task("it", body)()))).last("it-1");

class QuotaError extends Error {
  override readonly name = "QuotaError";
}

describe("what a body throws", () => {
  it.each([
    ["an Error", new Error("boom"), "Error: boom"],
    ["an error of its own class", new QuotaError("used up"), "QuotaError: used up"],
    ["an error without a message", new Error(""), "Error"],
    [
      "an error with its causes",
      new Error("fetch failed", { cause: new Error("connect ECONNREFUSED") }),
      "Error: fetch failed: connect ECONNREFUSED",
    ],
    ["a string", "no such day", "Thrown a string, not an Error: no such day"],
    ["an object", { code: 7 }, 'Thrown an object, not an Error: {"code":7}'],
    ["undefined", undefined, "Thrown undefined, not an Error: undefined"],
    ["null", null, "Thrown null, not an Error: null"],
  ])("%s makes it Failed and says what it was", async (_name, thrown, text) => {
    const state = await failing(() => {
      throw thrown;
    });
    expect(state).toMatchObject({ type: "Failed", message: `Error during execution of task: ${text}` });
  });

  it("asynchronously is the same", async () => {
    expect((await failing(() => Promise.reject(new Error("late")))).message).toBe(
      "Error during execution of task: Error: late",
    );
  });

  it("reaches whoever looks at it as it was thrown", async () => {
    const error = new QuotaError("used up");
    const look = task("look", ({ x }: { x: unknown }) => x === error, { trigger: triggers.anyFailed });
    const throws = task("throws", () => {
      throw error;
    });
    const { run } = await watch(flow("odd", () => look({ x: throws() })));
    expect(run.result("look-1")).toBe(true);
  });

  it("is cut to a state's length", async () => {
    const { message } = await failing(() => {
      throw new Error("x".repeat(200_000));
    });
    expect(message?.length).toBeLessThan(65_000);
    expect(message).toMatch(/more characters\)$/);
  });

  it("is logged with its stack under the task's name", async () => {
    const { logs } = await watch(
      flow("odd", () =>
        task("it", () => {
          throw new Error("boom");
        })(),
      ),
    );
    const line = logs.find(({ level, name }) => level === "ERROR" && name === "prefect.it");
    expect(line?.message).toMatch(/exception during execution\nError: boom\n +at /);
  });
});

describe("what a body returns", () => {
  it.each([
    ["function", () => () => 1],
    ["symbol", () => Symbol("x")],
  ])("as a %s is refused and says what to do", async (kind, body) => {
    expect(await failing(body)).toMatchObject({
      type: "Failed",
      message: `Task 'it' returned a ${kind}. A result must be data that can be handed on and persisted: return what the ${kind} makes, or call it in the task that needs it.`,
    });
  });
});

describe("a timeout", () => {
  it("makes the task TimedOut, aborts its signal and discards the late answer", async () => {
    const late = Promise.withResolvers<string>();
    let aborted: unknown = null;
    const slow = task(
      "slow",
      () => {
        const { signal } = context;
        signal.addEventListener("abort", () => {
          aborted = signal.reason;
        });
        return late.promise;
      },
      { timeout: 10 },
    );
    const { types, last, run } = await watch(flow("timeout", () => slow()));
    late.resolve("too late");
    await late.promise;
    expect(types("slow-1")).toEqual(["Running", "TimedOut"]);
    expect(last("slow-1").message).toBe("Task timed out during execution.");
    expect(aborted).toBeInstanceOf(Error);
    expect(run.result("slow-1")).toBeInstanceOf(Error);
  });

  it("counts for each attempt, and is retried", async () => {
    const slow = task("slow", () => (context.taskRunCount === 1 ? new Promise(() => {}) : "in time"), {
      timeout: 10,
      maxRetries: 1,
      retryDelay: 0,
    });
    const { types, run } = await watch(flow("timeout", () => slow()));
    expect(types("slow-1")).toEqual(["Running", "TimedOut", "Retrying", "Running", "Success"]);
    expect(run.result("slow-1")).toBe("in time");
  });

  it("that is kept changes nothing", async () => {
    const quick = task("quick", () => 1, { timeout: "1h" });
    const { types } = await watch(flow("timeout", () => quick()));
    expect(types("quick-1")).toEqual(["Running", "Success"]);
  });
});

describe("the context of a body", () => {
  it("tells of its run, its task and its child", async () => {
    const tell = task("tell", (_inputs: { x: number }) => {
      const { flowName, taskName, taskSlug, mapIndex, taskRunCount, parameters, today } = context;
      return { flowName, taskName, taskSlug, mapIndex, taskRunCount, parameters, today };
    });
    const { run } = await watch(
      flow("context", () => tell.map({ x: [7] })),
      { context: { date: "2012-01-31" } },
    );
    expect(run.result("tell-1")).toEqual([
      {
        flowName: "context",
        taskName: "tell",
        taskSlug: "tell-1",
        mapIndex: 0,
        taskRunCount: 1,
        parameters: {},
        today: "2012-01-31",
      },
    ]);
  });

  it("logs under the task's full name", async () => {
    const tell = task("tell", ({ x }: { x: number }) => context.logger.warning(`it is ${x}`));
    const { logs } = await watch(flow("context", () => tell.map({ x: [7] })));
    expect(logs.find(({ level }) => level === "WARNING")).toMatchObject({
      name: "prefect.tell[0]",
      message: "it is 7",
    });
  });
});
