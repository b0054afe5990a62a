import { describe, expect, it } from "vitest";
import type { Ack } from "../../src/engine/index.ts";
import { flow, task, triggers } from "../../src/index.ts";
import { makeState, running, success } from "../../src/state/index.ts";
import {
  accepted,
  over,
  refused,
  runEngine,
  type Script,
  ScriptedStore,
  undelivered,
  until,
} from "./scripted-store.ts";

/** Tasks `a` and, below it, `b`; and which bodies ran. */
function twoTasks(trigger: (typeof triggers)["allFinished"] | undefined = undefined) {
  const ran: string[] = [];
  const a = task("a", () => void ran.push("a"));
  const b = task("b", (_inputs: { x: unknown }) => void ran.push("b"), trigger === undefined ? {} : { trigger });
  return { ran, chain: flow("chain", () => b({ x: a() })) };
}

/** Answers one state of one task run so, and accepts everything else. */
const when =
  (line: string, answer: ReturnType<Script>): Script =>
  (label, state) =>
    `${label} ${state.type}` === line ? answer : accepted;

/** Answers the Success of `a` so, after the Running of `b` has been announced upon it. */
function late(answer: Ack): Script {
  const announced = Promise.withResolvers<void>();
  return async (label, state) => {
    if (label === "b-1" && state.type === "Running") announced.resolve();
    if (label !== "a-1" || state.type !== "Success") return accepted;
    await announced.promise;
    return answer;
  };
}

describe("a body", () => {
  it("does not start before its Running is acknowledged", async () => {
    const { ran, chain } = twoTasks();
    const ack = Promise.withResolvers<typeof accepted>();
    const store = new ScriptedStore(when("a-1 Running", ack.promise));
    const ended = runEngine(chain, { store });
    await until(() => store.sent.includes("a-1 Running"));
    expect(ran).toEqual([]);
    ack.resolve(accepted);
    await ended;
    expect(ran).toEqual(["a", "b"]);
  });

  it("does not start before the Success it builds on is acknowledged, though its Running is", async () => {
    const { ran, chain } = twoTasks();
    const ack = Promise.withResolvers<typeof accepted>();
    const store = new ScriptedStore(when("a-1 Success", ack.promise));
    const ended = runEngine(chain, { store });
    await until(() => store.sent.includes("b-1 Running"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ran).toEqual(["a"]);
    ack.resolve(accepted);
    expect((await ended).state.type).toBe("Success");
    expect(ran).toEqual(["a", "b"]);
  });

  it("of a task with another trigger is not even announced before that", async () => {
    const { ran, chain } = twoTasks(triggers.allFinished);
    const ack = Promise.withResolvers<typeof accepted>();
    const store = new ScriptedStore(when("a-1 Success", ack.promise));
    const ended = runEngine(chain, { store });
    await until(() => store.sent.includes("a-1 Success"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.sent).not.toContain("b-1 Running");
    ack.resolve(accepted);
    await ended;
    expect(ran).toEqual(["a", "b"]);
  });
});

describe("a refusal", () => {
  it("of Running leaves the task to whoever has it: its body never runs, and the run is handed back", async () => {
    const { ran, chain } = twoTasks();
    const store = new ScriptedStore(when("a-1 Running", refused(running("elsewhere"))));
    const { state, conclusion } = await runEngine(chain, { store });
    expect(ran).toEqual([]);
    expect(store.sent).toEqual(["flow Running", "a-1 Running"]);
    expect([state.type, conclusion]).toEqual(["Running", "handedBack"]);
  });

  it("of Running because it has finished elsewhere takes that state over, and goes on below it", async () => {
    const value = { handler: { type: "ConstantResultHandler" }, location: "undefined" };
    const { ran, chain } = twoTasks();
    const store = new ScriptedStore(when("a-1 Running", refused(success("done elsewhere", value))));
    const { state, conclusion } = await runEngine(chain, { store });
    expect(ran).toEqual(["b"]);
    expect([state.type, conclusion]).toEqual(["Success", "finished"]);
  });

  it("of a Success sends the announced successor back to Pending, and its body never runs", async () => {
    const { ran, chain } = twoTasks();
    const store = new ScriptedStore(late(refused(running("elsewhere"))));
    const { conclusion } = await runEngine(chain, { store });
    expect(ran).toEqual(["a"]);
    expect(store.of("b-1").map(({ type }) => type)).toEqual(["Running", "Pending"]);
    expect(conclusion).toBe("handedBack");
  });

  it("of a Success because the task has failed meanwhile fails the announced successor's trigger", async () => {
    const { ran, chain } = twoTasks();
    const store = new ScriptedStore(late(refused(makeState("Failed", "marked by a person"))));
    const { state } = await runEngine(chain, { store });
    expect(ran).toEqual(["a"]);
    expect(store.of("b-1").map(({ type }) => type)).toEqual(["Running", "Pending", "TriggerFailed"]);
    expect(state.type).toBe("Failed");
  });

  it("of the flow's Running runs nothing and leaves the run", async () => {
    const { ran, chain } = twoTasks();
    const store = new ScriptedStore(when("flow Running", refused(running("elsewhere"))));
    const { conclusion, message } = await runEngine(chain, { store });
    expect(ran).toEqual([]);
    expect([conclusion, message]).toEqual(["left", "VERSION_LOCK"]);
  });
});

describe("a state that cannot be delivered", () => {
  it.each(["a-1 Running", "a-1 Success", "b-1 Success"])(
    "(%s) leaves the run undelivered and says whose",
    async (line) => {
      const { chain } = twoTasks();
      const store = new ScriptedStore(when(line, undelivered));
      const { state, conclusion, message } = await runEngine(chain, { store });
      expect([state.type, conclusion]).toEqual(["Running", "undelivered"]);
      expect(message).toBe(`${line[0]}: the API is away`);
      expect(store.sent.filter((each) => each.startsWith("flow"))).toEqual(["flow Running"]);
    },
  );

  it("keeps the tasks below from running", async () => {
    const { ran, chain } = twoTasks();
    await runEngine(chain, { store: new ScriptedStore(when("a-1 Success", undelivered)) });
    expect(ran).toEqual(["a"]);
  });

  it("as the flow's last one is undelivered too", async () => {
    const { chain } = twoTasks();
    const { conclusion } = await runEngine(chain, { store: new ScriptedStore(when("flow Success", undelivered)) });
    expect(conclusion).toBe("undelivered");
  });
});

describe("a defect of the store or the host", () => {
  it("fails the run with the reason, and starts nothing more", async () => {
    const ran: string[] = [];
    const each = task("each", ({ x }: { x: number }) => void ran.push(`${x}`));
    const store = new ScriptedStore();
    store.children = (_slug, first, count) =>
      Array.from({ length: count }, (_, at) => Promise.reject(new Error(`no child ${first + at}`)));
    const { state, conclusion } = await runEngine(
      flow("defect", () => each.map({ x: [1, 2, 3] })),
      { store, concurrency: 1 },
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(state).toMatchObject({
      type: "Failed",
      message: "Unexpected error while running flow: no child 0",
    });
    expect([conclusion, ran]).toEqual(["finished", []]);
  });

  it("in one task keeps those that come after it from starting", async () => {
    const held = Promise.withResolvers<void>();
    const ran: string[] = [];
    const broken = task("broken", () => 1);
    const slow = task("slow", () => held.promise);
    const below = task("below", () => void ran.push("below"));
    const { state } = await runEngine(
      flow("defect", () => {
        below().after(slow());
        broken();
      }),
      {
        around: (host) =>
          over(host, {
            run: (request) =>
              request.slug === "broken-1" ? Promise.reject(new Error("the host is gone")) : host.run(request),
          }),
      },
    );
    held.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.message).toBe("Unexpected error while running flow: the host is gone");
    expect(ran).toEqual([]);
  });
});
