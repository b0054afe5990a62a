import { describe, expect, it } from "vitest";
import { FlowRunnerError, flow, parameter, secret, task } from "../../src/index.ts";
import { watch } from "./watch.ts";

const number = task("number", ({ n }: { n: number }) => n);
const echo = task("echo", (inputs: { it: unknown }) => inputs.it);

describe("inputs", () => {
  it("keep the order of twelve references in a list", async () => {
    const { run } = await watch(flow("order", () => echo({ it: Array.from({ length: 12 }, (_, n) => number({ n })) })));
    expect(run.result("echo-1")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("put references into the objects and lists they were written in, beside what is literal", async () => {
    const when = new Date(0);
    const { run } = await watch(
      flow("nested", () => echo({ it: { "a.b": [number({ n: 1 }), "two"], c: { d: number({ n: 3 }) }, when } })),
    );
    expect(run.result("echo-1")).toEqual({ "a.b": [1, "two"], c: { d: 3 }, when });
  });

  it("hand on one result to several tasks and several inputs", async () => {
    const { run } = await watch(
      flow("shared", () => {
        const one = number({ n: 1 });
        return echo({ it: [one, echo({ it: one }), one] });
      }),
    );
    expect(run.result("echo-2")).toEqual([1, 1, 1]);
  });

  it("tell undefined from nothing", async () => {
    const nothing = task("nothing", () => undefined);
    const { run } = await watch(flow("undefined", () => echo({ it: [nothing()] })));
    expect(run.result("echo-1")).toEqual([undefined]);
  });
});

describe("parameters", () => {
  const greet = flow("greet", () => ({
    who: echo({ it: parameter("who") }),
    how: echo({ it: parameter("how", { default: "hello" }) }),
    maybe: echo({ it: parameter("maybe", { required: false }) }),
  }));

  it("come from the run, else from their defaults, else are null", async () => {
    const { run } = await watch(greet, { parameters: { who: "Ada" } });
    const { who, how, maybe } = greet.returned;
    expect([run.result(who), run.result(how), run.result(maybe)]).toEqual(["Ada", "hello", null]);
  });

  it("that are null, false or zero are not replaced by their defaults", async () => {
    for (const how of [null, false, 0, ""]) {
      const { run } = await watch(greet, { parameters: { who: "Ada", how } });
      expect(run.result(greet.returned.how)).toBe(how);
    }
  });

  it("that are required and missing are refused before anything runs, with their names", async () => {
    const refused = watch(greet);
    await expect(refused).rejects.toBeInstanceOf(FlowRunnerError);
    await expect(refused).rejects.toMatchObject({ code: "PARAMETER_MISSING", details: { names: ["who"] } });
  });

  it("that are unknown are refused, with those that there are", async () => {
    await expect(watch(greet, { parameters: { who: "Ada", whom: 1 } })).rejects.toMatchObject({
      code: "PARAMETER_UNKNOWN",
      details: { names: ["whom"], known: ["who", "how", "maybe"] },
      message: 'Flow "greet" has no parameter whom; it has who, how, maybe. Did you mean who?',
    });
    await expect(watch(greet, { parameters: { who: "Ada", volume: 1 } })).rejects.toThrow(/maybe\.$/);
  });

  it("named like parts of every object are ordinary ones", async () => {
    const odd = flow("odd", () => echo({ it: parameter("constructor", { default: 1 }) }));
    const { run } = await watch(odd);
    expect(run.result("echo-1")).toBe(1);
  });
});

describe("results", () => {
  it("are found by slug or by the reference that the flow returned", async () => {
    const one = flow("find", () => number({ n: 1 }));
    const { run } = await watch(one);
    expect(run.result(one.returned)).toBe(1);
    expect(run.result("number-1")).toBe(1);
    expect(() => run.result("nobody-1")).toThrow(/no task "nobody-1"; it has number-1/);
  });
});

describe("secrets", () => {
  it("come from the context's environment variables, parsed when they are JSON", async () => {
    process.env.PREFECT__CONTEXT__SECRETS__TOKEN = '{"user":"ada"}';
    try {
      const { run } = await watch(flow("secret", () => echo({ it: secret("TOKEN") })));
      expect(run.result("echo-1")).toEqual({ user: "ada" });
    } finally {
      delete process.env.PREFECT__CONTEXT__SECRETS__TOKEN;
    }
  });
});
