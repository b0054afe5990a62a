import { describe, expect, it } from "vitest";
import { context, flow, signals, task } from "../../src/index.ts";
import { ManualClock } from "../cloud/manual-clock.ts";
import { runEngine, ScriptedStore, until } from "./scripted-store.ts";

/** A body that stops the run from within, and never returns. */
const hanging = (stop: AbortController, reason: string) =>
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

describe("a termination", () => {
  it("hands the run back: what ran is Pending again, in the same attempt", async () => {
    const stop = new AbortController();
    const store = new ScriptedStore();
    const { state, conclusion } = await runEngine(
      flow("stop", () => hanging(stop, "SIGTERM")()),
      { store, signal: stop.signal },
    );
    expect([state.type, conclusion]).toEqual(["Running", "handedBack"]);
    const last = store.of("hangs-1").at(-1);
    expect(last).toMatchObject({ type: "Pending", context: { task_run_count: 2 } });

    const counts: number[] = [];
    const again = task("hangs", () => void counts.push(context.taskRunCount));
    const resumed = new ScriptedStore(undefined, last === undefined ? {} : { "hangs-1": last });
    await runEngine(
      flow("stop", () => again()),
      { store: resumed },
    );
    expect(counts).toEqual([2]);
  });

  it("keeps a loop's place", async () => {
    const stop = new AbortController();
    const store = new ScriptedStore();
    const loops = task("loops", () => {
      if (context.loopCount < 3) signals.loop({ result: context.loopCount });
      stop.abort("SIGTERM");
      return new Promise(() => {});
    });
    await runEngine(
      flow("stop", () => loops()),
      { store, signal: stop.signal },
    );
    expect(store.of("loops-1").at(-1)).toMatchObject({ type: "Pending", context: { _loop_count: 3 } });
  });

  it("leaves a retry that is waited for as it is", async () => {
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
      { store, clock, signal: stop.signal },
    );
    await until(() => clock.waiting === 1);
    stop.abort("SIGTERM");
    expect((await ended).conclusion).toBe("handedBack");
    expect(store.of("it-1").at(-1)?.type).toBe("Retrying");
  });
});
