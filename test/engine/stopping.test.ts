import { describe, expect, it } from "vitest";
import { Crash } from "../../src/engine/index.ts";
import { context, customResultHandler, flow, signals, task } from "../../src/index.ts";
import type { State } from "../../src/state/index.ts";
import { ManualClock } from "../cloud/manual-clock.ts";
import { accepted, runEngine, ScriptedStore, until } from "./scripted-store.ts";

/** A body that stops the run from within, and never returns. */
const hanging = (stop: AbortController, reason: unknown) =>
  task(
    "hangs",
    () => {
      if (context.taskRunCount === 1) throw new Error("once");
      stop.abort(reason);
      return new Promise(() => {});
    },
    { maxRetries: 5, retryDelay: 0 },
  );

describe("a cancellation", () => {
  it("ends the run Cancelled, and leaves its tasks to the API", async () => {
    const stop = new AbortController();
    const below = task("below", () => 1);
    const store = new ScriptedStore();
    const { state, conclusion } = await runEngine(
      flow("stop", () => below().after(hanging(stop, "cancelled")())),
      { store, signal: stop.signal },
    );
    expect([state.type, state.message, conclusion]).toEqual(["Cancelled", "Flow run is cancelled", "finished"]);
    expect(store.of("hangs-1").at(-1)?.type).toBe("Running");
    expect(store.of("below-1")).toEqual([]);
  });
});

const told = "the container was told to stop (SIGTERM)";

/** What the next process finds. */
const lastOf = (store: ScriptedStore): Record<string, State> =>
  Object.fromEntries(store.states.filter(({ label }) => label !== "flow").map(({ label, state }) => [label, state]));

describe("a crash", () => {
  it.each(["reschedule", "relinquish", "fail"] as const)(
    "ends the run Crashed, where a stop would %s it",
    async (onStop) => {
      const stop = new AbortController();
      const store = new ScriptedStore();
      const crashes = flow("crash", () => hanging(stop, new Crash("its slot is lost"))());
      const { state, conclusion } = await runEngine(crashes, { store, signal: stop.signal, onStop });
      expect(state).toMatchObject({ crashed: true, message: "Flow run stopped: its slot is lost." });
      expect(conclusion).toBe("finished");
      expect(store.of("hangs-1").at(-1)).toMatchObject({ message: "Cut off while it ran: its slot is lost." });
    },
  );
});

describe("a stop", () => {
  const below = task("below", () => 1);
  const stopping = (stop: AbortController) => flow("stop", () => below().after(hanging(stop, "SIGTERM")()));

  it("fails the run, what ran and what has not begun, each with the reason", async () => {
    const stop = new AbortController();
    const store = new ScriptedStore();
    const { state, conclusion } = await runEngine(stopping(stop), { store, signal: stop.signal });
    expect([state.type, state.message, conclusion]).toEqual(["Failed", `Flow run stopped: ${told}.`, "finished"]);
    expect(store.of("hangs-1").at(-1)).toMatchObject({ type: "Failed", message: `Cut off while it ran: ${told}.` });
    expect(store.of("below-1")).toMatchObject([{ type: "Failed", message: `Not run: ${told}.` }]);
    expect(store.sent.at(-1)).toBe("flow Failed");
  });

  it.each([
    ["fail", "Failed"],
    ["reschedule", "Pending"],
  ] as const)(
    "(%s) spends no retry: a run that is scheduled again goes on in the same attempt",
    async (onStop, left) => {
      const stop = new AbortController();
      const store = new ScriptedStore();
      await runEngine(stopping(stop), { store, signal: stop.signal, onStop });
      expect(store.of("hangs-1").at(-1)?.type).toBe(left);

      const counts: number[] = [];
      const again = task("hangs", () => void counts.push(context.taskRunCount));
      const resumed = new ScriptedStore(undefined, lastOf(store));
      const { state } = await runEngine(
        flow("stop", () => below().after(again())),
        { store: resumed },
      );
      expect([counts, state.type]).toEqual([[2], "Success"]);
    },
  );

  it("that leaves the run to another process schedules it, and touches nothing that has not begun", async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const store = new ScriptedStore();
    const { state, conclusion } = await runEngine(stopping(stop), {
      store,
      signal: stop.signal,
      onStop: "reschedule",
      clock,
    });
    const message = `Flow run goes on elsewhere: ${told}.`;
    expect([state, conclusion]).toEqual([
      expect.objectContaining({ type: "Scheduled", message, startTime: clock.now() }),
      "handedBack",
    ]);
    expect(store.of("below-1")).toEqual([]);
    expect(store.sent.slice(-2)).toEqual(["hangs-1 Pending", "flow Scheduled"]);
  });

  it("breaks off the writing of a result, which is no failure of the task's", async () => {
    const stop = new AbortController();
    const store = new ScriptedStore();
    const resultHandler = customResultHandler({
      read: async () => 1,
      write: (_value, _location, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          stop.abort("SIGTERM");
        }),
    });
    const writes = task("writes", () => 1, { resultHandler, maxRetries: 1, retryDelay: 0 });
    const options = { store, signal: stop.signal, onStop: "reschedule", checkpointing: true } as const;
    const { conclusion } = await runEngine(
      flow("stop", () => writes()),
      options,
    );
    expect([conclusion, ...store.sent]).toEqual([
      ...["handedBack", "flow Running", "writes-1 Running", "writes-1 Pending", "flow Scheduled"],
    ]);
  });

  it.each(["fail", "reschedule"] as const)("(%s) keeps a loop's place", async (onStop) => {
    const stop = new AbortController();
    const store = new ScriptedStore();
    const loops = task("loops", () => {
      if (context.loopCount < 3) signals.loop({ result: context.loopCount });
      stop.abort("SIGTERM");
      return new Promise(() => {});
    });
    await runEngine(
      flow("stop", () => loops()),
      { store, signal: stop.signal, onStop },
    );
    expect(store.of("loops-1").at(-1)).toMatchObject({ context: { _loop_count: 3 } });
  });

  it.each([
    ["fail", ["Retrying", "Failed"]],
    ["reschedule", ["Failed", "Retrying"]],
  ] as const)("(%s) while a retry is waited for ends the wait", async (onStop, ends) => {
    const stop = new AbortController();
    const clock = new ManualClock();
    const store = new ScriptedStore();
    const it = task(
      "it",
      () => {
        throw new Error("no");
      },
      { maxRetries: 1, retryDelay: "5m" },
    );
    const ended = runEngine(
      flow("stop", () => it()),
      { store, clock, signal: stop.signal, onStop },
    );
    await until(() => clock.waiting === 1);
    stop.abort("SIGTERM");
    await ended;
    expect(
      store
        .of("it-1")
        .slice(-2)
        .map(({ type }) => type),
    ).toEqual(ends);
    const counts: number[] = [];
    const again = task("it", () => void counts.push(context.taskRunCount), { maxRetries: 1, retryDelay: "5m" });
    const resumed = new ScriptedStore(undefined, lastOf(store));
    await runEngine(
      flow("stop", () => again()),
      { store: resumed },
    );
    expect(counts).toEqual([2]);
  });

  it("ends the children of a mapped task that were made, and makes no others", async () => {
    const stop = new AbortController();
    const store = new ScriptedStore();
    const each = task("each", ({ n }: { n: number }) => {
      if (n === 1) stop.abort("SIGTERM");
      return new Promise<number>(() => {});
    });
    const numbers = task("numbers", () => Array.from({ length: 1_000 }, (_, at) => at));
    await runEngine(
      flow("stop", () => each.map({ n: numbers() })),
      { store, signal: stop.signal, concurrency: 2 },
    );
    const last = lastOf(store);
    expect([last["each-1[1]"]?.type, last["each-1[999]"]]).toEqual(["Failed", undefined]);
  });

  it("that comes when all is done changes nothing", async () => {
    const stop = new AbortController();
    const store = new ScriptedStore((label, state) => {
      if (`${label} ${state.type}` === "last-1 Success") stop.abort("SIGTERM");
      return accepted;
    });
    const last = task("last", () => 1);
    const { state, conclusion } = await runEngine(
      flow("stop", () => last()),
      { store, signal: stop.signal },
    );
    expect([state.type, conclusion]).toEqual(["Success", "finished"]);
  });

  it.each([
    ["fail", ["it-1 Failed", "flow Failed"]],
    ["reschedule", ["flow Scheduled"]],
  ] as const)("(%s) before the run begins lets it not begin", async (onStop, sent) => {
    const store = new ScriptedStore();
    const it = task("it", () => 1);
    await runEngine(
      flow("stop", () => it()),
      { store, signal: AbortSignal.abort("SIGINT"), onStop },
    );
    expect(store.sent).toEqual(sent);
  });
});
