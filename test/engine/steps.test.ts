import { describe, expect, it } from "vitest";
import { flow, signals, task, triggers } from "../../src/index.ts";
import { watch } from "./watch.ts";

const one = task("one", () => 1);
const boom = task("boom", () => {
  throw new Error("no");
});
const skips = task("skips", (): number => signals.skip("nothing to do"));

describe("the order of a task run's steps", () => {
  it("tells Running and Success of every task, upstream first, within the flow's own Running and Success", async () => {
    const inc = task("inc", ({ x }: { x: number }) => x + 1);
    const { story, run } = await watch(flow("chain", () => inc({ x: inc({ x: one() }) })));
    expect(story).toEqual([
      "flow Running",
      "one-1 Running",
      "one-1 Success",
      "inc-1 Running",
      "inc-1 Success",
      "inc-2 Running",
      "inc-2 Success",
      "flow Success",
    ]);
    expect(run.result("inc-2")).toBe(3);
    expect(run.state.message).toBe("All reference tasks succeeded.");
  });

  it("uses Prefect's messages for Running and Success", async () => {
    const { states } = await watch(flow("one", () => one()));
    expect(states("one-1").map(({ message }) => message)).toEqual(["Starting task run.", "Task run succeeded."]);
    expect(states("flow")[0]?.message).toBe("Running flow.");
  });

  it("skips a task before its trigger is asked", async () => {
    let asked = false;
    const late = task("late", () => 2, {
      trigger: () => {
        asked = true;
        return false;
      },
    });
    const { types, last } = await watch(flow("skip first", () => late().after(skips(), boom())));
    expect(types("late-1")).toEqual(["Skipped"]);
    expect(last("late-1").message).toBe(
      "Upstream task was skipped; if this was not the intended behavior, consider changing `skip_on_upstream_skip=False` for this task.",
    );
    expect(asked).toBe(false);
  });

  it("does not start a task whose trigger did not fire, nor tell it Running", async () => {
    let ran = false;
    const late = task("late", () => {
      ran = true;
    });
    const { types } = await watch(flow("trigger first", () => late().after(boom())));
    expect(types("late-1")).toEqual(["TriggerFailed"]);
    expect(ran).toBe(false);
  });

  it("maps a parent before its trigger is asked: the children are asked", async () => {
    const each = task("each", ({ x }: { x: number }) => x, { trigger: triggers.allFailed });
    const { types } = await watch(flow("map first", () => each.map({ x: [1, 2] }).after(one())));
    expect(types("each-1")).toEqual(["Mapped"]);
    expect(types("each-1[0]")).toEqual(["TriggerFailed"]);
    expect(types("each-1[1]")).toEqual(["TriggerFailed"]);
  });

  it("skips a mapped parent, without children, before it is mapped", async () => {
    const each = task("each", ({ x }: { x: number }) => x);
    const { types, story } = await watch(flow("skip map", () => each.map({ x: [1, 2] }).after(skips())));
    expect(types("each-1")).toEqual(["Skipped"]);
    expect(story.some((line) => line.startsWith("each-1["))).toBe(false);
  });

  it("puts the task's tags on every state it tells", async () => {
    const tagged = task("tagged", () => 1, { tags: ["b", "a"] });
    const { states } = await watch(flow("tags", () => tagged()));
    expect(states("tagged-a-b-1").map(({ context }) => context.tags)).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("ends a flow without tasks in Success", async () => {
    const { story } = await watch(flow("empty", () => undefined));
    expect(story).toEqual(["flow Running", "flow Success"]);
  });

  it("logs the beginning and the end under Prefect's logger names", async () => {
    const { logs } = await watch(flow("logged", () => one()));
    expect(logs.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      "prefect.FlowRunner: Beginning Flow run for 'logged'",
      "prefect.TaskRunner: Task 'one': Starting task run...",
      "prefect.TaskRunner: Task 'one': Finished task run for task with final state: 'Success'",
      "prefect.FlowRunner: Flow run SUCCESS: All reference tasks succeeded.",
    ]);
  });
});
