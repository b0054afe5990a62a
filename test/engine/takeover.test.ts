import { describe, expect, it } from "vitest";
import { context, flow, type ResultHandler, signals, type TaskOptions, task } from "../../src/index.ts";
import { makeState, pending, running, type State, type StoredResult, success } from "../../src/state/index.ts";
import { runEngine, ScriptedStore, until } from "./scripted-store.ts";

const memory: ResultHandler = {
  describe: () => ({ type: "Text" }),
  write: async (value) => JSON.stringify(value),
  read: async (location) => JSON.parse(location),
};
const stored = (location: string): StoredResult => ({ handler: { type: "Text" }, location });

/** A flow of one task, which notes its attempts and iterations: `2/3` is the third iteration in the second attempt. */
function noted(body: () => unknown, options: TaskOptions = {}) {
  const ran: string[] = [];
  const it = task(
    "it",
    () => {
      ran.push(`${context.taskRunCount}/${context.loopCount}`);
      return body();
    },
    options,
  );
  return { ran, one: flow("one", () => it(), { resultHandler: memory }) };
}

async function goesOn(from: State, body: () => unknown, options: TaskOptions = {}) {
  const { ran, one } = noted(body, options);
  const store = new ScriptedStore(undefined, { "it-1": from });
  const outcome = await runEngine(one, { store, takeover: true, checkpointing: true });
  return { ran, store, outcome, types: store.of("it-1").map(({ type }) => type) };
}

describe("a task run that a container which is gone has left", () => {
  it("Running is run again, as the same attempt", async () => {
    const { ran, types, outcome } = await goesOn(running("Starting task run."), () => 1);
    expect(ran).toEqual(["1/1"]);
    expect(types).toEqual(["Running", "Success"]);
    expect(outcome.conclusion).toBe("finished");
  });

  it("Running in its second attempt is run again as the second, and has the retries that are left", async () => {
    const from = { ...running("Starting task run."), context: { task_run_count: 2 } };
    const { ran, types } = await goesOn(from, () => signals.fail("no"), { maxRetries: 2, retryDelay: 0 });
    expect(ran).toEqual(["2/1", "3/1"]);
    expect(types).toEqual(["Running", "Failed", "Retrying", "Running", "Failed"]);
  });

  it("Running in a loop goes on with the iteration, and the result of the one before", async () => {
    const from = {
      ...running("Starting task run."),
      context: { _loop_count: 3, task_run_count: 1 },
      result: stored("40"),
    };
    const results: unknown[] = [];
    const { ran } = await goesOn(from, () => {
      results.push(context.loopResult);
      return context.loopCount < 4 ? signals.loop({ result: 50 }) : "end";
    });
    expect(ran).toEqual(["1/3", "1/4"]);
    expect(results).toEqual([40, 50]);
  });

  it("Looped goes on with the next iteration", async () => {
    const from = makeState("Looped", "Task is looping (2)", { loopCount: 2, result: stored("40") });
    const { ran, types } = await goesOn(from, () => context.loopResult);
    expect(ran).toEqual(["1/3"]);
    expect(types).toEqual(["Running", "Success"]);
  });

  it("Failed with a retry to follow goes on with it", async () => {
    const { ran: before, one } = noted(() => signals.fail("no"), { maxRetries: 2, retryDelay: 0 });
    const first = new ScriptedStore();
    await runEngine(one, { store: first });
    expect(before).toEqual(["1/1", "2/1", "3/1"]);
    const [middle, last] = first
      .of("it-1")
      .filter(({ type }) => type === "Failed")
      .slice(-2);
    const options = { maxRetries: 2, retryDelay: 0 };
    expect((await goesOn(middle ?? pending(), () => 1, options)).ran).toEqual(["3/1"]);
    expect((await goesOn(last ?? pending(), () => 1, options)).ran).toEqual([]);
  });

  it("is left alone by a runner that does not have the run for itself", async () => {
    const { ran, one } = noted(() => 1);
    const store = new ScriptedStore(undefined, { "it-1": running("Starting task run.") });
    expect((await runEngine(one, { store })).conclusion).toBe("handedBack");
    expect(ran).toEqual([]);
  });
});

describe("the result of an iteration that was never persisted", () => {
  const lost = { ...running("Starting task run."), context: { _loop_count: 3, task_run_count: 1 } };
  const count = () => (context.loopCount < 3 ? signals.loop({ result: context.loopCount }) : [context.loopResult]);

  it("fails the task, which says so", async () => {
    const { ran, store } = await goesOn(lost, count);
    expect(ran).toEqual([]);
    expect(store.of("it-1").at(-1)).toMatchObject({
      type: "Failed",
      message: expect.stringMatching(/^Failed to retrieve task results: the result of it was never persisted/),
    });
  });

  it("lets the loop begin again where the task says so", async () => {
    const { ran, store, outcome } = await goesOn(lost, count, { onMissingResult: "rerun" });
    expect(ran).toEqual(["1/1", "1/2", "1/3"]);
    expect(store.of("it-1").at(-1)).toMatchObject({ type: "Success", result: stored("[2]") });
    expect(outcome.state.type).toBe("Success");
  });
});

describe("a flow run", () => {
  it("that was Cancelling when its container died is Cancelled, and nothing of it runs", async () => {
    const { ran, one } = noted(() => 1);
    const store = new ScriptedStore();
    const initialState = makeState("Cancelling", "Flow run is cancelling");
    const { state, conclusion } = await runEngine(one, { store, initialState, takeover: true });
    expect([state.type, conclusion, ran]).toEqual(["Cancelled", "finished", []]);
    expect(store.sent).toEqual(["flow Cancelled"]);
  });

  it("that is lost to another container stops its bodies and says nothing more", async () => {
    const stop = new AbortController();
    const { ran, one } = noted(() => new Promise((resolve) => context.signal.addEventListener("abort", resolve)));
    const store = new ScriptedStore();
    const ended = runEngine(one, { store, signal: stop.signal });
    await until(() => ran.length > 0);
    const before = [...store.sent];
    stop.abort("lost");
    expect(await ended).toMatchObject({
      conclusion: "left",
      state: { type: "Running" },
      message: expect.stringContaining("Another container has taken this flow run over"),
    });
    expect(store.sent).toEqual(before);
  });

  it("that was resumed finishes with what was persisted, without running anything twice", async () => {
    const { ran, one } = noted(() => 1);
    const store = new ScriptedStore(undefined, { "it-1": success("Task run succeeded.", stored("1")) });
    const { state } = await runEngine(one, { store, initialState: running("Running flow."), takeover: true });
    expect([state.type, ran, store.sent]).toEqual(["Success", [], ["flow Success"]]);
  });
});
