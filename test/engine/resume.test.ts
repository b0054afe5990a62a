import { describe, expect, it } from "vitest";
import { context, flow, type ResultHandler, signals, type TaskOptions, task, triggers } from "../../src/index.ts";
import { makeState, pending, retrying, running, type StoredResult, success } from "../../src/state/index.ts";
import { runEngine, ScriptedStore } from "./scripted-store.ts";

/** A handler that remembers what it was asked to read. */
function recordingHandler(): ResultHandler & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    describe: () => ({ type: "Recording" }),
    write: async (value) => JSON.stringify(value),
    read: async (location) => {
      reads.push(location);
      if (location === "gone") throw new Error("no such object");
      return JSON.parse(location);
    },
  };
}

const stored = (location: string): StoredResult => ({ handler: { type: "Recording" }, location });
const done = (location: string) => success("Task run succeeded.", stored(location));

/** `a` gives numbers, `double` maps over them, `total` adds up; everything that runs is noted. */
function pipeline(options: TaskOptions = {}) {
  const ran: string[] = [];
  const resultHandler = recordingHandler();
  const a = task(
    "a",
    () => {
      ran.push("a");
      return [1, 2, 3];
    },
    options,
  );
  const double = task(
    "double",
    ({ x }: { x: number }) => {
      ran.push(`double ${x}`);
      return 2 * x;
    },
    options,
  );
  const total = task("total", ({ xs }: { xs: readonly number[] }) => {
    const sum = xs.reduce((before, x) => before + x, 0);
    ran.push(`total ${sum}`);
    return sum;
  });
  return {
    ran,
    reads: resultHandler.reads,
    pipe: flow("pipe", () => total({ xs: double.map({ x: a() }) }), { resultHandler }),
  };
}

describe("a run that is resumed", () => {
  it("does not run again, nor tell again, what is finished", async () => {
    const { ran, pipe } = pipeline();
    const store = new ScriptedStore(undefined, { "a-1": done("[5,6]") });
    const { state } = await runEngine(pipe, { store, initialState: running("Running flow.") });
    expect(ran).toEqual(["double 5", "double 6", "total 22"]);
    expect(store.of("a-1")).toEqual([]);
    expect(store.sent).not.toContain("flow Running");
    expect(state.type).toBe("Success");
  });

  it("reads a result only when something needs it", async () => {
    const { reads, pipe } = pipeline();
    const finished = {
      "a-1": done("[5,6]"),
      "total-1": done("22"),
      "double-1": makeState("Mapped", "", { mapCount: 2 }),
    };
    await runEngine(pipe, {
      store: new ScriptedStore(undefined, { ...finished, "double-1[0]": done("10"), "double-1[1]": done("12") }),
    });
    expect(reads).toEqual([]);
  });

  it("reads a result once though many need it", async () => {
    const { reads, pipe } = pipeline();
    await runEngine(pipe, { store: new ScriptedStore(undefined, { "a-1": done("[5,6,7,8]") }) });
    expect(reads).toEqual(["[5,6,7,8]"]);
  });

  it("runs the unfinished children of a mapped task, and reads the others for the reduce", async () => {
    const { ran, reads, pipe } = pipeline();
    const store = new ScriptedStore(undefined, {
      "a-1": done("[5,6,7]"),
      "double-1": makeState("Mapped", "Ready to proceed with mapping.", { mapCount: 3 }),
      "double-1[0]": done("10"),
      "double-1[2]": done("14"),
    });
    await runEngine(pipe, { store });
    expect(ran).toEqual(["double 6", "total 36"]);
    expect(reads.toSorted()).toEqual(["10", "14", "[5,6,7]"]);
    expect(store.of("double-1")).toEqual([]);
  });

  it("goes on with the attempt after the one that failed", async () => {
    const counts: number[] = [];
    const flaky = task("flaky", () => void counts.push(context.taskRunCount), { maxRetries: 3, retryDelay: 0 });
    await runEngine(
      flow("resume", () => flaky()),
      { store: new ScriptedStore(undefined, { "flaky-1": retrying(2, 3, 0) }) },
    );
    expect(counts).toEqual([3]);
  });

  it("looks through Submitted and Queued", async () => {
    const counts: number[] = [];
    const it = task("it", () => void counts.push(context.taskRunCount));
    const wrapped = makeState("Submitted", null, {
      wrapped: makeState("Queued", null, { wrapped: retrying(4, 9, 0) }),
    });
    await runEngine(
      flow("resume", () => it()),
      { store: new ScriptedStore(undefined, { "it-1": wrapped }) },
    );
    expect(counts).toEqual([5]);
  });

  it("goes on with the iteration of a loop that was interrupted, and its result so far", async () => {
    const resultHandler = recordingHandler();
    const sum = task("sum", (): number => {
      const next = Number(context.loopResult ?? 0) + context.loopCount;
      return context.loopCount < 4 ? signals.loop({ result: next }) : next;
    });
    const store = new ScriptedStore(undefined, {
      "sum-1": makeState("Retrying", null, {
        startTime: 0,
        runCount: 1,
        context: { _loop_count: 3 },
        result: stored("3"),
      }),
    });
    await runEngine(
      flow("resume", () => sum(), { resultHandler }),
      { store, checkpointing: true },
    );
    expect(store.of("sum-1").map(({ type, result }) => `${type} ${result?.location}`)).toEqual([
      "Running 3",
      "Looped 6",
      "Running 6",
      "Success 10",
    ]);
  });

  it("lets a task that was paused and resumed pass its pause and its manual trigger", async () => {
    const pauses = task("pauses", () => signals.pause("check"), { trigger: triggers.manualOnly });
    const paused = new ScriptedStore();
    await runEngine(
      flow("resume", () => pauses()),
      { store: paused },
    );
    expect(paused.of("pauses-1").map(({ type }) => type)).toEqual(["Paused"]);
    const resumed = new ScriptedStore(undefined, { "pauses-1": makeState("Resume") });
    await runEngine(
      flow("resume", () => pauses()),
      { store: resumed },
    );
    expect(resumed.of("pauses-1").map(({ type }) => type)).toEqual(["Running", "Success"]);
  });

  it("leaves alone what another process runs, and is handed back", async () => {
    const { ran, pipe } = pipeline();
    const { conclusion } = await runEngine(pipe, {
      store: new ScriptedStore(undefined, { "a-1": running("elsewhere") }),
    });
    expect(ran).toEqual([]);
    expect(conclusion).toBe("handedBack");
  });

  it("that was finished before runs nothing and is left", async () => {
    const { ran, pipe } = pipeline();
    const store = new ScriptedStore();
    const { conclusion } = await runEngine(pipe, { store, initialState: success("done") });
    expect([ran, store.sent, conclusion]).toEqual([[], [], "left"]);
  });
});

describe("a result that is lost", () => {
  const neverPersisted = success("Task run succeeded.", null);

  it("fails the task that needs it, and says what to do", async () => {
    const { ran, pipe } = pipeline();
    const store = new ScriptedStore(undefined, {
      "double-1": makeState("Mapped", null, { mapCount: 1 }),
      "double-1[0]": neverPersisted,
      "a-1": done("[1]"),
    });
    await runEngine(pipe, { store });
    expect(ran).toEqual([]);
    expect(store.of("total-1").at(-1)).toMatchObject({
      type: "Failed",
      message: expect.stringMatching(
        /^Failed to retrieve task results: the result of double\[0\] was never persisted.*onMissingResult: "rerun"/,
      ),
    });
  });

  it("is made again where the task says so, and told as it happens", async () => {
    const { ran, pipe } = pipeline({ onMissingResult: "rerun" });
    const store = new ScriptedStore(undefined, { "a-1": neverPersisted });
    const { state } = await runEngine(pipe, { store });
    expect(ran).toEqual(["a", "double 1", "double 2", "double 3", "total 12"]);
    expect(store.of("a-1").map(({ type }) => type)).toEqual(["Running", "Success"]);
    expect(state.type).toBe("Success");
  });

  it("is made again once, while other tasks need it too", async () => {
    const ran: number[] = [];
    const make = task(
      "make",
      async ({ x }: { x: number }) => {
        ran.push(x);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return 10 * x;
      },
      { onMissingResult: "rerun" },
    );
    const take = task("take", ({ y }: { y: number }) => y + 1);
    const other = task("other", ({ y }: { y: number }) => y + 2);
    const both = flow("both", () => {
      const made = make.map({ x: [1, 2, 3, 4] });
      return [take.map({ y: made }), other.map({ y: made })];
    });
    const children = Object.fromEntries([0, 1, 2, 3].map((index) => [`make-1[${index}]`, neverPersisted]));
    const store = new ScriptedStore(undefined, {
      "make-1": makeState("Mapped", null, { mapCount: 4 }),
      ...children,
    });
    const { state, conclusion } = await runEngine(both, { store, concurrency: 3 });
    expect([state.type, conclusion]).toEqual(["Success", "finished"]);
    expect(ran.toSorted()).toEqual([1, 2, 3, 4]);
  });

  it("is made again with the retries of its task", async () => {
    const attempts: number[] = [];
    const flaky = task(
      "flaky",
      () => {
        attempts.push(context.taskRunCount);
        return context.taskRunCount < 3 ? signals.fail("not yet") : 7;
      },
      { onMissingResult: "rerun", maxRetries: 2, retryDelay: 1 },
    );
    const look = task("look", ({ x }: { x: number }) => x);
    const store = new ScriptedStore(undefined, { "flaky-1": neverPersisted });
    const { state } = await runEngine(
      flow("again", () => look({ x: flaky() })),
      { store },
    );
    expect(state.type).toBe("Success");
    expect(attempts).toEqual([1, 2, 3]);
    expect(store.of("flaky-1").map(({ type }) => type)).toEqual([
      ...["Running", "Failed", "Retrying", "Running", "Failed", "Retrying", "Running", "Success"],
    ]);
  });

  it("of a loop is made again from its first iteration", async () => {
    const loops: unknown[] = [];
    const sum = task(
      "sum",
      (): number => {
        loops.push([context.loopCount, context.loopResult]);
        const next = Number(context.loopResult ?? 0) + context.loopCount;
        return context.loopCount < 3 ? signals.loop({ result: next }) : next;
      },
      { onMissingResult: "rerun" },
    );
    const look = task("look", ({ x }: { x: number }) => x);
    const store = new ScriptedStore(undefined, { "sum-1": neverPersisted });
    const { state } = await runEngine(
      flow("again", () => look({ x: sum() })),
      { store },
    );
    expect(state.type).toBe("Success");
    expect(loops).toEqual([
      [1, undefined],
      [2, 1],
      [3, 3],
    ]);
  });

  it("that cannot be made again fails the task that needs it, and says why", async () => {
    const broken = task("broken", () => signals.fail("the archive is closed"), { onMissingResult: "rerun" });
    const look = task("look", ({ x }: { x: unknown }) => x);
    const store = new ScriptedStore(undefined, { "broken-1": neverPersisted });
    await runEngine(
      flow("again", () => look({ x: broken() })),
      { store },
    );
    expect(store.of("look-1").at(-1)).toMatchObject({
      type: "Failed",
      message: "Failed to retrieve task results: broken ran again and ended Failed: the archive is closed.",
    });
  });

  it("that cannot be read fails the mapping over it, with the reason", async () => {
    const { pipe } = pipeline();
    const store = new ScriptedStore(undefined, { "a-1": done("gone") });
    await runEngine(pipe, { store });
    expect(store.of("double-1")).toMatchObject([
      { type: "Failed", message: "Failed to retrieve task results: the result of a could not be read: no such object" },
    ]);
  });

  it("of a task that returned nothing is nothing, and not lost", async () => {
    const nothing = task("nothing", () => undefined);
    const look = task("look", ({ x }: { x: unknown }) => x === undefined);
    const pair = flow("resume", () => look({ x: nothing() }), { resultHandler: recordingHandler() });
    const first = new ScriptedStore();
    await runEngine(pair, { store: first, checkpointing: true });
    const before = first.of("nothing-1").at(-1) ?? pending();
    expect(before.result).not.toBeNull();
    const second = new ScriptedStore(undefined, { "nothing-1": before });
    await runEngine(pair, { store: second, checkpointing: true });
    expect(second.of("look-1").at(-1)?.result).toEqual(stored("true"));
  });
});
