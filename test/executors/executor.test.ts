import { describe, expect, it } from "vitest";
import { planExecutor } from "../../src/executors/index.ts";

describe("an executor by its name", () => {
  it.each([
    ["nothing", null, 32],
    ["LocalExecutor", { type: "LocalExecutor" }, 32],
    ["LocalExecutor with a limit", { type: "LocalExecutor", concurrency: 4 }, 4],
    ["Prefect's dotted path", { type: "prefect.engine.executors.LocalExecutor" }, 32],
    ["SynchronousExecutor", { type: "prefect.engine.executors.sync.SynchronousExecutor" }, 1],
  ])("%s runs this many tasks at once", (_name, spec, concurrency) => {
    expect(planExecutor(spec, 32)).toEqual({ concurrency });
  });

  it.each([
    ["one that nobody knows", { type: "my.own.Executor" }, "EXECUTOR_UNKNOWN", "my.own.Executor"],
    [
      "one that is not there yet",
      { type: "prefect.engine.executors.DaskExecutor" },
      "EXECUTOR_NOT_THERE_YET",
      "DaskExecutor",
    ],
    [
      "an option that it does not take",
      { type: "LocalExecutor", scheduler: "threads" },
      "EXECUTOR_OPTION",
      "scheduler",
    ],
    ["a limit of none", { type: "LocalExecutor", concurrency: 0 }, "EXECUTOR_OPTION", "concurrency = 0"],
    ["a limit that is no number", { type: "LocalExecutor", concurrency: "8" }, "EXECUTOR_OPTION", "concurrency = 8"],
  ])("%s is refused, and named", (_name, spec, code, named) => {
    expect(() => planExecutor(spec, 32)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(named) }),
    );
  });
});
