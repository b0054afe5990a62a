import { describe, expect, it } from "vitest";
import { context, flow, signals, task } from "../../src/index.ts";
import { makeState, retrying } from "../../src/state/index.ts";
import { ManualClock } from "../cloud/manual-clock.ts";
import { accepted, runEngine, ScriptedStore, until } from "./scripted-store.ts";

const minute = 60_000;

/** A store that queues the first Running of a task run (or of the flow) until this much later. */
function queueing(clock: ManualClock, label: string, delay: number): ScriptedStore {
  let first = true;
  return new ScriptedStore((each, state) => {
    if (each !== label || state.type !== "Running" || !first) return accepted;
    first = false;
    return { status: "queued", startTime: clock.now() + delay };
  });
}

const noted = () => {
  const ran: string[] = [];
  const note = (name: string) => task(name, () => void ran.push(name));
  return { ran, note };
};

describe("a task that the API has queued", () => {
  it("waits until its time, and then asks again", async () => {
    const clock = new ManualClock();
    const { ran, note } = noted();
    const store = queueing(clock, "it-1", 5_000);
    const ended = runEngine(
      flow("queued", () => note("it")()),
      { clock, store },
    );
    await until(() => clock.waiting === 1);
    expect(ran).toEqual([]);
    clock.advance(4_999);
    expect(clock.waiting).toBe(1);
    clock.advance(1);
    expect((await ended).state.type).toBe("Success");
    expect(store.of("it-1").map(({ type }) => type)).toEqual(["Running", "Running", "Success"]);
  });

  it("holds no slot meanwhile", async () => {
    const clock = new ManualClock();
    const { ran, note } = noted();
    const [first, second] = [note("first"), note("second")];
    const ended = runEngine(
      flow("queued", () => [first(), second()]),
      { clock, store: queueing(clock, "first-1", minute), concurrency: 1 },
    );
    await until(() => clock.waiting === 1 && ran.length === 1);
    expect(ran).toEqual(["second"]);
    clock.advance(minute);
    await ended;
    expect(ran).toEqual(["second", "first"]);
  });

  it("for longer than this process waits is handed back", async () => {
    const clock = new ManualClock();
    const { ran, note } = noted();
    const { conclusion, state } = await runEngine(
      flow("queued", () => note("it")()),
      { clock, store: queueing(clock, "it-1", 11 * minute) },
    );
    expect([ran, conclusion, state.type]).toEqual([[], "handedBack", "Running"]);
  });

  it("keeps the number of its attempt", async () => {
    const clock = new ManualClock();
    const counts: number[] = [];
    const it = task("it", () => void counts.push(context.taskRunCount));
    const store = new ScriptedStore(
      (_label, state) =>
        state.type === "Running" && store.of("it-1").length === 1
          ? { status: "queued", startTime: clock.now() + 1_000 }
          : accepted,
      { "it-1": retrying(1, 5, 0) },
    );
    const ended = runEngine(
      flow("queued", () => it()),
      { clock, store },
    );
    await until(() => clock.waiting === 1);
    clock.advance(1_000);
    await ended;
    expect(counts).toEqual([2]);
  });
});

describe("a flow run that the API has queued", () => {
  it("waits until its time, and then asks again", async () => {
    const clock = new ManualClock();
    const { ran, note } = noted();
    const ended = runEngine(
      flow("queued", () => note("it")()),
      { clock, store: queueing(clock, "flow", minute) },
    );
    await until(() => clock.waiting === 1);
    expect(ran).toEqual([]);
    clock.advance(minute);
    expect((await ended).conclusion).toBe("finished");
    expect(ran).toEqual(["it"]);
  });

  it("for longer than this process waits is handed back", async () => {
    const clock = new ManualClock();
    const { ran, note } = noted();
    const { conclusion } = await runEngine(
      flow("queued", () => note("it")()),
      { clock, store: queueing(clock, "flow", 11 * minute) },
    );
    expect([ran, conclusion]).toEqual([[], "handedBack"]);
  });

  it("or that is due later is handed back untouched", async () => {
    const clock = new ManualClock();
    const { ran, note } = noted();
    const store = new ScriptedStore();
    const { conclusion } = await runEngine(
      flow("later", () => note("it")()),
      { clock, store, initialState: makeState("Scheduled", null, { startTime: clock.now() + 1 }) },
    );
    expect([ran, store.sent, conclusion]).toEqual([[], [], "handedBack"]);
  });
});

describe("a retry", () => {
  it("is waited for as long as this process may wait", async () => {
    const clock = new ManualClock();
    const it = task("it", () =>
      context.taskRunCount === 1 ? signals.retry("later", { at: new Date(clock.now() + 20 * minute) }) : 1,
    );
    const ended = runEngine(
      flow("retry", () => it()),
      { clock, longestWait: 30 * minute },
    );
    await until(() => clock.waiting === 1);
    clock.advance(20 * minute);
    expect((await ended).state.type).toBe("Success");
  });

  it("further away is left in the API, and the rest of the flow runs", async () => {
    const clock = new ManualClock();
    const { ran, note } = noted();
    const it = task("it", () => signals.retry("later", { at: new Date(clock.now() + 20 * minute) }));
    const other = note("other");
    const store = new ScriptedStore();
    const { conclusion } = await runEngine(
      flow("retry", () => [it(), other()]),
      { clock, store },
    );
    expect([ran, conclusion]).toEqual([["other"], "handedBack"]);
    expect(store.of("it-1").at(-1)?.type).toBe("Retrying");
  });

  it.each([
    ["within the wait", 20 * minute, 30 * minute, "finished"],
    ["beyond it", 20 * minute, 10 * minute, "handedBack"],
  ])("that the API holds, %s, is treated the same", async (_name, delay, longestWait, conclusion) => {
    const clock = new ManualClock();
    const { note } = noted();
    const ended = runEngine(
      flow("retry", () => note("it")()),
      { clock, longestWait, store: new ScriptedStore(undefined, { "it-1": retrying(1, 3, clock.now() + delay) }) },
    );
    if (conclusion === "finished") {
      await until(() => clock.waiting === 1);
      clock.advance(delay);
    }
    expect((await ended).conclusion).toBe(conclusion);
  });
});
