import { describe, expect, it } from "vitest";
import { FlowRunnerError } from "../../src/errors/index.ts";
import { type FlowOptions, flow, parameter, secret, type TaskOptions, task } from "../../src/index.ts";
import {
  type CheckpointQuestion,
  checkpointVerdict,
  type HandlerProblem,
  JSONResultHandler,
  LocalResultHandler,
  mayPass,
  resultHandlerCheck,
} from "../../src/results/index.ts";

const kept = { resultHandler: new LocalResultHandler() };

/** A flow of two tasks: `source` makes the input `rows` of `report`. */
function problems(
  source: TaskOptions,
  report: TaskOptions,
  options: FlowOptions = {},
  rule?: "1.x" | "0.7",
): readonly HandlerProblem[] {
  const rowsOf = task("source", () => [1, 2], source);
  const reportOn = task("report", ({ rows }: { rows: readonly number[] }) => rows.length, report);
  const built = flow("weather", () => reportOn({ rows: rowsOf() }), options);
  return resultHandlerCheck(built.graph, rule);
}

describe("the check for Result has no ResultHandler", () => {
  it.each([
    [{ checkpoint: true }, "it says `checkpoint: true`"],
    [{ target: "{flow_name}.bin" }, "it has a target"],
    [{ cacheFor: "1h" }, "it is cached (`cacheFor`)"],
  ] as const)("finds a task that needs one for its own result: %o", (options, trigger) => {
    const [problem, ...others] = problems({}, options);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ level: "error", task: "report-1", input: null });
    expect(problem?.message).toMatch(/^Result has no ResultHandler: the result of task "report-1" has to be persisted/);
    expect(problem?.message).toContain(trigger);
    expect(problem?.message).toContain("or give one to the whole flow");
    expect(problem?.message).toMatch(/\(.*rules\.test\.ts:\d+(:\d+)?\)$/);
    expect(problems({}, { ...options, ...kept })).toEqual([]);
    expect(problems({}, options, kept)).toEqual([]);
  });

  it("finds the input that a retry would lose with its container", () => {
    const [problem] = problems({}, { maxRetries: 2, retryDelay: "1s" });
    expect(problem).toMatchObject({ level: "warning", task: "report-1", input: "rows" });
    expect(problem?.message).toContain('Result has no ResultHandler: input "rows" of task "report-1"');
    expect(problem?.message).toContain('the task that makes "rows"');
    expect(problems(kept, { maxRetries: 2, retryDelay: "1s" })).toEqual([]);
    expect(problems({}, { maxRetries: 2, retryDelay: "1s", onMissingResult: "rerun" })).toEqual([]);
  });

  it("does not count a handler that is never used", () => {
    const retrying = { maxRetries: 1, retryDelay: "1s" } as const;
    expect(problems({ ...kept, checkpoint: false }, retrying)[0]?.message).toContain('"source-1" is not checkpointed');
    expect(problems(kept, retrying, {}, "0.7")).toHaveLength(1);
    expect(problems({ ...kept, checkpoint: true }, retrying, {}, "0.7")).toEqual([]);
  });

  it("needs no handler for what comes back by itself", () => {
    const load = task("load", (inputs: { day: string; token: unknown; limit: number }) => inputs.limit, {
      maxRetries: 3,
      retryDelay: "1s",
    });
    const built = flow("weather", () => load({ day: parameter("day"), token: secret("TOKEN"), limit: 3 }));
    expect(resultHandlerCheck(built.graph)).toEqual([]);
  });
});

describe("which results are persisted", () => {
  const question = (fields: Partial<CheckpointQuestion>): CheckpointQuestion => ({
    checkpointing: true,
    checkpoint: null,
    kind: "task",
    hasHandler: true,
    ...fields,
  });
  it.each([
    [{}, "write", "skip"],
    [{ checkpoint: true }, "write", "write"],
    [{ checkpoint: false }, "skip", "skip"],
    [{ checkpointing: false, checkpoint: true }, "skip", "skip"],
    [{ hasHandler: false }, "skip", "skip"],
    [{ hasHandler: false, checkpoint: true }, "refuse", "refuse"],
    [{ kind: "parameter" }, "write", "write"],
  ] as const)("%o: %s by the rule of 1.x, %s by that of 0.7", (fields, of1x, of07) => {
    expect(checkpointVerdict("1.x", question(fields))).toBe(of1x);
    expect(checkpointVerdict("0.7", question(fields))).toBe(of07);
  });
});

describe("which failures may pass", () => {
  it("are those of the store, and not those of the value", () => {
    const at = { where: "s3://b/k" };
    expect(mayPass(new FlowRunnerError("RESULT_WRITE_FAILED", { ...at, reason: "503" }))).toBe(true);
    expect(mayPass(new FlowRunnerError("RESULT_DAMAGED", { ...at, problem: "short" }))).toBe(false);
    expect(mayPass(new FlowRunnerError("RESULT_NOT_JSON", { path: "$", what: "a Date" }))).toBe(false);
    expect(mayPass(new Error("a custom handler's"))).toBe(true);
    expect(new JSONResultHandler().overflowsToFlow).toBe(false);
  });
});
