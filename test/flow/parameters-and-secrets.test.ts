import { describe, expect, it } from "vitest";
import { context, flow, isSignal, parameter, runInContext, secret } from "../../src/index.ts";
import { testContext } from "./test-context.ts";

const run = (built: ReturnType<typeof flow>, slug: string, overrides = {}) =>
  runInContext(testContext(overrides), () => built.tasks.get(slug)?.run({}));

describe("parameter", () => {
  const built = flow("f", () => {
    parameter("days", { default: ["2012-01-01"] });
    parameter("station");
    parameter("note", { required: false });
    parameter<string | null>("unit", { default: null });
  });

  it("is described with its default, or as required", () => {
    expect(built.graph.parameters).toEqual([
      { name: "days", required: false, default: ["2012-01-01"] },
      { name: "station", required: true },
      { name: "note", required: false, default: null },
      { name: "unit", required: false, default: null },
    ]);
  });

  it("is a task whose result goes as JSON, never by the flow's handler", () => {
    const inFlow = flow("f", () => parameter("days", { default: [] }), {
      resultHandler: {
        describe: () => ({ type: "S3ResultHandler" }),
        write: () => Promise.resolve(""),
        read: () => Promise.resolve(null),
      },
    });
    const [days] = inFlow.graph.tasks;
    expect(days).toMatchObject({ slug: "days", kind: "parameter", resultHandler: { type: "JSONResultHandler" } });
    expect(inFlow.tasks.get("days")?.resultHandler).toBeNull();
  });

  it("takes the run's value, also a null, and else its default", () => {
    expect(run(built, "days")).toEqual(["2012-01-01"]);
    expect(run(built, "days", { parameters: { days: [] } })).toEqual([]);
    expect(run(built, "days", { parameters: { days: null } })).toBeNull();
    expect(run(built, "note")).toBeNull();
  });

  it("fails when it is required and not given", () => {
    expect(() => run(built, "station")).toThrow('Parameter "station" was required but not provided.');
    expect(run(built, "station", { parameters: { station: "SEA" } })).toBe("SEA");
    // A name that every object has is no parameter.
    const odd = flow("odd", () => parameter("toString"));
    expect(() => run(odd, "toString")).toThrow("required but not provided");
  });

  it("is refused twice, and with a default that JSON cannot carry", () => {
    const twice = () => flow("f", () => [parameter("days"), parameter("days", { default: 1 })]);
    expect(twice).toThrow('Flow "f" has two parameters named "days".');
    const dated = () => flow("f", () => parameter("span", { default: { from: { at: new Date(0) } } }));
    expect(dated).toThrow('Parameter "span": its default must be JSON, but $.from.at is a Date.');
    const infinite = () => flow("f", () => parameter("limits", { default: [1, Number.POSITIVE_INFINITY] }));
    expect(infinite).toThrow("but $[1] is Infinity.");
    const both = () =>
      flow("f", () => parameter("x", { required: true, default: 1 } as unknown as { default: number }));
    expect(both).toThrow('Parameter "x": it is required, so its default would never be used');
  });
});

describe("secret", () => {
  const built = flow("f", () => secret("TOKEN"));

  it("is a task of its own, retried twice and never persisted", () => {
    expect(built.graph.tasks[0]).toMatchObject({
      slug: "TOKEN-1",
      kind: "secret",
      maxRetries: 2,
      retryDelay: 1000,
      checkpoint: false,
      onMissingResult: "rerun",
      resultHandler: { type: "SecretResultHandler", name: "TOKEN" },
    });
  });

  it("asks the context of the run for its value", async () => {
    const secrets = { get: async (name: string) => `value of ${name}` };
    await expect(run(built, "TOKEN-1", { secrets })).resolves.toBe("value of TOKEN");
  });

  it("is a flow's, not the world's", () => {
    expect(() => secret("TOKEN")).toThrow('Secret "TOKEN" was called outside of a flow\'s build function.');
  });
});

describe("context", () => {
  it("is that of the task that runs, across await", async () => {
    const seen = await Promise.all(
      [0, 1].map((mapIndex) =>
        runInContext(testContext({ mapIndex }), async () => {
          await Promise.resolve();
          return context.mapIndex;
        }),
      ),
    );
    expect(seen).toEqual([0, 1]);
    expect(runInContext(testContext({ taskName: "mean" }), () => ({ ...context }).taskName)).toBe("mean");
    expect(runInContext(testContext(), () => "parameters" in context)).toBe(true);
  });

  it("says where it exists when it is read elsewhere", () => {
    expect(() => context.parameters).toThrow(
      "context.parameters was read while no task was running. The context exists in the body of a task",
    );
    expect(isSignal(new Error("x"))).toBe(false);
  });
});
