import { describe, expect, it } from "vitest";
import { cacheValidators, flow, type StateView, type TaskOptions, task, triggers } from "../../src/index.ts";

/** One task with these options, as a flow of its own holds it. */
function built(options: TaskOptions, flowOptions = {}) {
  const { graph, tasks } = flow("f", () => task("t", () => 1, options)(), flowOptions);
  const [spec] = graph.tasks;
  const [definition] = tasks.values();
  if (spec === undefined || definition === undefined) throw new Error("the flow has no task");
  return { spec, definition };
}

const handler = (type: string) => ({
  describe: () => ({ type }),
  write: () => Promise.resolve(""),
  read: () => Promise.resolve(null),
});

const state = (type: StateView["type"]): StateView => ({
  type,
  message: null,
  result: null,
  context: {},
  value: undefined,
});

describe("task options", () => {
  it("have Prefect's defaults", () => {
    expect(built({}).spec).toEqual({
      slug: "t-1",
      name: "t",
      kind: "task",
      tags: [],
      maxRetries: 0,
      retryDelay: 0,
      unset: ["maxRetries", "timeout", "checkpoint"],
      timeout: null,
      isolated: false,
      trigger: { fn: "all_successful" },
      skipOnUpstreamSkip: true,
      mapped: false,
      checkpoint: null,
      resultHandler: null,
      target: null,
      cacheFor: null,
      cacheKey: null,
      cacheValidator: { fn: "never_use" },
      onMissingResult: "fail",
      hasStateHandlers: false,
      definedAt: expect.stringMatching(/task-options\.test\.ts:\d+$/),
    });
  });

  it("reach the graph", () => {
    const { spec } = built({
      tags: ["b", "a"],
      maxRetries: 3,
      retryDelay: "10s",
      timeout: 1_500,
      isolated: true,
      trigger: triggers.someFailed({ atLeast: 0.5 }),
      skipOnUpstreamSkip: false,
      checkpoint: false,
      target: "{flow_name}/{today}",
      cacheFor: "1h",
      cacheKey: "shared",
      onMissingResult: "rerun",
    });
    expect(spec).toMatchObject({
      tags: ["a", "b"],
      maxRetries: 3,
      retryDelay: 10_000,
      timeout: 1_500,
      isolated: true,
      trigger: { fn: "some_failed", atLeast: 0.5 },
      skipOnUpstreamSkip: false,
      checkpoint: false,
      target: "{flow_name}/{today}",
      cacheFor: 3_600_000,
      cacheKey: "shared",
      cacheValidator: { fn: "duration_only" },
      onMissingResult: "rerun",
    });
  });

  it.each<[string, TaskOptions, string]>([
    // The first three sentences are Prefect's own.
    [
      "retries without a delay",
      { maxRetries: 1 },
      "A datetime.timedelta `retry_delay` must be provided if max_retries > 0",
    ],
    [
      "a delay without retries",
      { retryDelay: "1s" },
      "A `max_retries` argument greater than 0 must be provided if specifying a retry delay.",
    ],
    [
      "retryOn without retries",
      { retryOn: TypeError },
      "A number of `max_retries` must be provided if `retry_on` is set.",
    ],
    [
      "a slip of the pen",
      { maxRetires: 3 } as TaskOptions,
      "option maxRetires: there is no such option. There are: tags, maxRetries,",
    ],
    ["half a retry", { maxRetries: 0.5 }, "option maxRetries: it must be a whole number, 0 or more."],
    ["less than no retries", { maxRetries: -1 }, "option maxRetries: it must be a whole number, 0 or more."],
    [
      "an unknown unit",
      { timeout: "1 fortnight" as "1s" },
      'option timeout: it must be milliseconds or a text like "500ms"',
    ],
    ["no time at all", { timeout: 0 }, "option timeout: it must be longer than nothing."],
    ["a negative time", { cacheFor: -1 }, "option cacheFor: it must be milliseconds"],
    ["tags that are one text", { tags: "a" as unknown as string[] }, "option tags: they must be a list of strings."],
    [
      "a trigger by name",
      { trigger: "all_failed" as never },
      "option trigger: it must be one of `triggers`, or a function.",
    ],
    [
      "a negative threshold",
      { trigger: triggers.someFailed({ atLeast: -1 }) },
      "option trigger: its thresholds must be numbers, 0 or more.",
    ],
    [
      "a validator by name",
      { cacheValidator: "all_inputs" as never },
      "option cacheValidator: it must be one of `cacheValidators`, or a function.",
    ],
    [
      "retryOn of no error class",
      { maxRetries: 1, retryDelay: 1, retryOn: [Date] as never },
      "option retryOn: it must be a class of errors",
    ],
  ])("refuse %s", (_what, options, sentence) => {
    expect(() => built(options)).toThrow(`Task "t": option`);
    expect(() => built(options)).toThrow(sentence);
  });

  it("refuse a task without a name or without a body", () => {
    expect(() => task("", () => 1)).toThrow('Task "": option name: it must be a string and not empty.');
    expect(() => task("t", "body" as never)).toThrow('Task "t": option body: it must be a function.');
  });

  it("describe functions of the author's own by their names, and keep them", async () => {
    const onlyOnMondays = () => false;
    const { spec, definition } = built({
      trigger: onlyOnMondays,
      cacheFor: 1,
      cacheValidator: (_cached, inputs) => inputs.day === "monday",
      target: ({ today }) => `monday/${today}`,
      cacheKey: ({ task_name }) => `${task_name} of mine`,
    });
    expect(spec.trigger).toEqual({ fn: "custom", name: "onlyOnMondays" });
    expect(spec.cacheValidator).toMatchObject({ fn: "custom" });
    expect([spec.target, spec.cacheKey]).toEqual([{ fn: "custom" }, { fn: "custom" }]);
    expect(definition.customTrigger).toBe(onlyOnMondays);
    expect(await definition.customCacheValidator?.(state("Cached"), { day: "monday" }, {})).toBe(true);
    expect(definition.target?.({ today: "2012-01-30" } as never)).toBe("monday/2012-01-30");
    expect(definition.cacheKey?.({ task_name: "t" } as never)).toBe("t of mine");
  });

  it("name the cache validators in Prefect's words", () => {
    const validator = (cacheValidator: NonNullable<TaskOptions["cacheValidator"]>) =>
      built({ cacheFor: 1, cacheValidator }).spec.cacheValidator;
    expect(validator(cacheValidators.allInputs)).toEqual({ fn: "all_inputs" });
    expect(validator(cacheValidators.allParameters)).toEqual({ fn: "all_parameters" });
    expect(validator(cacheValidators.neverUse)).toEqual({ fn: "never_use" });
    expect(validator(cacheValidators.partialInputsOnly(["day"]))).toEqual({
      fn: "partial_inputs_only",
      validateOn: ["day"],
    });
    expect(validator(cacheValidators.partialParametersOnly())).toEqual({
      fn: "partial_parameters_only",
      validateOn: null,
    });
  });

  it("tell the host of state handlers and of onFailure", () => {
    const seen = () => undefined;
    expect(built({ stateHandlers: [seen] })).toMatchObject({
      spec: { hasStateHandlers: true },
      definition: { stateHandlers: [seen], onFailure: null },
    });
    expect(built({ onFailure: seen })).toMatchObject({
      spec: { hasStateHandlers: true },
      definition: { onFailure: seen },
    });
  });
});

describe("retryOn", () => {
  class Throttled extends Error {}
  class Slow extends Throttled {}
  const retries = (retryOn?: TaskOptions["retryOn"]) => {
    const { definition } = built({ maxRetries: 1, retryDelay: 1, ...(retryOn === undefined ? {} : { retryOn }) });
    return [new Slow("s"), new Throttled("t"), new TypeError("y"), "text"].map((error) => definition.retryable(error));
  };

  it("names the errors that are worth another attempt", () => {
    expect(retries()).toEqual([true, true, true, true]);
    expect(retries(Error)).toEqual([true, true, true, false]);
    expect(retries(Throttled)).toEqual([true, true, false, false]);
    expect(retries([Slow, TypeError])).toEqual([true, false, true, false]);
    expect(retries((error) => error === "text")).toEqual([false, false, false, true]);
  });
});

describe("what a task takes over from its flow", () => {
  it("is the result handler and what to do about lost inputs", () => {
    const own = built(
      { resultHandler: handler("Own"), onMissingResult: "fail" },
      {
        resultHandler: handler("Flows"),
        onMissingResult: "rerun",
      },
    );
    expect(own.spec).toMatchObject({ resultHandler: { type: "Own" }, onMissingResult: "fail" });
    const inherited = built({}, { resultHandler: handler("Flows"), onMissingResult: "rerun" });
    expect(inherited.spec).toMatchObject({ resultHandler: { type: "Flows" }, onMissingResult: "rerun" });
    expect(inherited.definition.resultHandler?.describe()).toEqual({ type: "Flows" });
  });
});
