import { describe, expect, it } from "vitest";
import { flow, setReferenceTasks, signals, task, triggers } from "../../src/index.ts";
import { makeState } from "../../src/state/index.ts";
import { watch } from "./watch.ts";

const ok = task("ok", () => 1);
const bad = task("bad", (): number => signals.fail("bad"));
const cleanUp = task("clean up", () => "clean", { trigger: triggers.allFinished });

describe("the state a flow run ends in", () => {
  it("is decided by the terminal tasks, and a failure above them does not count", async () => {
    const { run } = await watch(flow("reference", () => cleanUp().after(bad())));
    expect(run.state).toMatchObject({ type: "Success", message: "All reference tasks succeeded." });
  });

  it("is decided by the reference tasks where they are set", async () => {
    const { run } = await watch(
      flow("reference", () => {
        const failing = bad();
        cleanUp().after(failing);
        setReferenceTasks(failing);
      }),
    );
    expect(run.state).toMatchObject({ type: "Failed", message: "Some reference tasks failed." });
  });

  it("is a success when the reference tasks succeeded, though a terminal task failed", async () => {
    const { run } = await watch(
      flow("reference", () => ({ main: ok(), notify: bad() }), { referenceTasks: ({ main }) => main }),
    );
    expect(run.state.type).toBe("Success");
  });

  it("counts a mapped task by its children", async () => {
    const odd = task("odd", ({ x }: { x: number }) => (x % 2 ? x : signals.fail(`${x}`)));
    const { run, last } = await watch(flow("reference", () => odd.map({ x: [1, 2, 3] })));
    expect(last("odd-1").type).toBe("Mapped");
    expect(run.state.type).toBe("Failed");
  });

  it("stays Running while a terminal task is unfinished, though the reference tasks are done", async () => {
    const pauses = task("pauses", () => signals.pause());
    const { run, logs } = await watch(
      flow("reference", () => ({ main: ok(), later: pauses() }), { referenceTasks: ({ main }) => main }),
    );
    expect(run.state.type).toBe("Running");
    expect(logs.map(({ message }) => message)).toContain("Flow run RUNNING: terminal tasks are incomplete.");
  });
});

describe("a flow's own handlers", () => {
  it("see Running and the final state, and onFailure only a failure", async () => {
    const seen: string[] = [];
    const handlers = {
      stateHandlers: [
        (subject: { name: string }, old: { type: string }, next: { type: string }) =>
          void seen.push(`${subject.name}: ${old.type} -> ${next.type}`),
      ],
      onFailure: () => seen.push("onFailure"),
    };
    await watch(flow("good", () => ok(), handlers));
    await watch(flow("poor", () => bad(), handlers));
    expect(seen).toEqual([
      "good: Pending -> Running",
      "good: Running -> Success",
      "poor: Pending -> Running",
      "poor: Running -> Failed",
      "onFailure",
    ]);
  });

  it("prevent the run by replacing Running with a final state", async () => {
    const { story, run } = await watch(
      flow("handled", () => ok(), { stateHandlers: [() => makeState("Skipped", "no need")] }),
    );
    expect(story).toEqual(["flow Skipped"]);
    expect(run.state.message).toBe("no need");
  });

  it("that throw fail the run and say so", async () => {
    const { run } = await watch(
      flow("handled", () => ok(), {
        stateHandlers: [
          (_flow, _old, next) => {
            if (next.type === "Success") throw new Error("no mail server");
          },
        ],
      }),
    );
    expect(run.state).toMatchObject({
      type: "Failed",
      message: "Exception raised while calling state handlers: Error: no mail server",
    });
  });
});

describe("the terminal-state handler", () => {
  it("may replace the final state, given the reference tasks' states and values", async () => {
    const { run } = await watch(
      flow("terminal", () => [ok(), bad()], {
        terminalStateHandler: (state, references) =>
          makeState(
            "Success",
            `${state.type} because of ${references.map(({ slug, state }) => `${slug}=${state.value}`).join(", ")}`,
          ),
      }),
    );
    expect(run.state).toMatchObject({
      type: "Success",
      message: "Failed because of ok-1=1, bad-1=Signal: bad",
    });
  });

  it("leaves the state when it returns nothing", async () => {
    const { run } = await watch(flow("terminal", () => ok(), { terminalStateHandler: () => undefined }));
    expect(run.state.message).toBe("All reference tasks succeeded.");
  });

  it("that throws fails the run and says so", async () => {
    const { run } = await watch(
      flow("terminal", () => ok(), {
        terminalStateHandler: () => {
          throw new Error("oh");
        },
      }),
    );
    expect(run.state).toMatchObject({
      type: "Failed",
      message: "Unexpected error: Error: oh",
    });
  });
});
