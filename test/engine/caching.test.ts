import { describe, expect, it } from "vitest";
import { cacheValidators, flow, parameter, type ResultHandler, signals, task } from "../../src/index.ts";
import { LocalCache } from "../../src/run/here/local.ts";
import { watch } from "./watch.ts";

/** A task with a cache, and how often its body ran. */
function counted(options: Parameters<typeof task>[2]) {
  const counter = { runs: 0 };
  const it = task(
    "it",
    ({ x }: { x: unknown }) => {
      counter.runs += 1;
      return [x, counter.runs];
    },
    options,
  );
  return { counter, it };
}

describe("cacheFor", () => {
  it("tells Running, Success and Cached the first time, and Cached alone the next", async () => {
    const cache = new LocalCache();
    const { counter, it } = counted({ cacheFor: "1h" });
    const cached = flow("cached", () => it({ x: 1 }));
    const first = await watch(cached, { cache });
    const second = await watch(cached, { cache });
    expect(first.types("it-1")).toEqual(["Running", "Success", "Cached"]);
    expect(second.types("it-1")).toEqual(["Cached"]);
    expect(second.run.result("it-1")).toEqual([1, 1]);
    expect(counter.runs).toBe(1);
  });

  it("runs again for other inputs where the validator looks at them", async () => {
    const cache = new LocalCache();
    const { counter, it } = counted({ cacheFor: "1h", cacheValidator: cacheValidators.allInputs });
    const cached = flow("cached", () => it({ x: parameter("x") }));
    for (const x of [1, 2, 1]) await watch(cached, { cache, parameters: { x } });
    expect(counter.runs).toBe(2);
  });

  it("runs again when its time is over", async () => {
    const cache = new LocalCache();
    const { counter, it } = counted({ cacheFor: 1 });
    const cached = flow("cached", () => it({ x: 1 }));
    const { last } = await watch(cached, { cache });
    const until = last("it-1").cachedUntil ?? Number.NaN;
    while (Date.now() <= until) await new Promise((resolve) => setImmediate(resolve));
    await watch(cached, { cache });
    expect(counter.runs).toBe(2);
  });

  it("does the same work of mapped children once, and other work for each", async () => {
    const { counter, it } = counted({ cacheFor: "1h" });
    const { run } = await watch(flow("cached", () => it.map({ x: ["a", "b", "a", "a"] })));
    expect(counter.runs).toBe(2);
    expect((run.result("it-1") as unknown[][]).map(([x]) => x)).toEqual(["a", "b", "a", "a"]);
  });

  it("lets those who wait for the same work do it when the first one fails", async () => {
    let runs = 0;
    const it = task(
      "it",
      (_inputs: { x: string }) => {
        runs += 1;
        return runs === 1 ? signals.fail("once") : runs;
      },
      { cacheFor: "1h" },
    );
    const { types } = await watch(flow("cached", () => it.map({ x: ["a", "a"] })));
    expect(types("it-1[0]")).toEqual(["Running", "Failed"]);
    expect(types("it-1[1]").slice(0, 2)).toEqual(["Running", "Success"]);
  });

  it("keeps nobody waiting for work that its trigger forbids", async () => {
    const { counter, it } = counted({ cacheFor: "1h" });
    const bad = task("bad", () => signals.fail());
    const { types } = await watch(flow("cached", () => it.map({ x: ["a", "a"] }).after(bad())));
    expect(types("it-1[0]")).toEqual(["TriggerFailed"]);
    expect(types("it-1[1]")).toEqual(["TriggerFailed"]);
    expect(counter.runs).toBe(0);
  });

  it("asks the trigger after the cache: a hit does not run a task that must not", async () => {
    const cache = new LocalCache();
    const { it } = counted({ cacheFor: "1h" });
    const gate = task("gate", ({ open }: { open: boolean }) => (open ? undefined : signals.fail("closed")));
    const gated = flow("cached", () => it({ x: 1 }).after(gate({ open: parameter("open") })));
    await watch(gated, { cache, parameters: { open: true } });
    const { types } = await watch(gated, { cache, parameters: { open: false } });
    expect(types("it-1")).toEqual(["TriggerFailed"]);
  });

  it("is retried like any task when a state handler refuses the result", async () => {
    const { counter, it } = counted({
      cacheFor: "1h",
      maxRetries: 1,
      retryDelay: 0,
      stateHandlers: [
        (_task, _old, next) =>
          next.type === "Success" && counter.runs === 1 ? { ...next, type: "Failed" as const } : undefined,
      ],
    });
    const { types } = await watch(flow("cached", () => it({ x: 1 })));
    expect(types("it-1")).toEqual(["Running", "Failed", "Retrying", "Running", "Success", "Cached"]);
  });
});

describe("a target", () => {
  const objects = new Map<string, unknown>();
  const resultHandler: ResultHandler = {
    describe: () => ({ type: "Objects" }),
    write: async (value, { target }) => {
      const location = target ?? "nowhere";
      objects.set(location, value);
      return location;
    },
    read: async (location) => {
      if (objects.get(location) === "broken") throw new Error("not what was written");
      return objects.get(location);
    },
    exists: async (location) => objects.has(location),
  };
  const day = task("day", ({ day }: { day: string }) => `made ${day}`, {
    target: "{flow_name}/{day}.json",
    resultHandler,
  });
  const days = flow("targets", () => day.map({ day: parameter("days", { default: ["mon", "tue"] }) }));

  it("that is there already is the result, and the body does not run", async () => {
    objects.clear();
    objects.set("targets/tue.json", "found tue");
    const { types, last, run } = await watch(days, { checkpointing: true });
    expect(types("day-1[0]")).toEqual(["Running", "Success"]);
    expect(types("day-1[1]")).toEqual(["Cached"]);
    expect(last("day-1[1]")).toMatchObject({
      message: "Result found at task target targets/tue.json",
      cachedUntil: null,
      hashedInputs: { day: expect.any(String) },
      cachedParameters: { days: ["mon", "tue"] },
    });
    expect(run.result("day-1")).toEqual(["made mon", "found tue"]);
    expect(objects.get("targets/mon.json")).toBe("made mon");
  });

  it("that cannot be read fails the task instead of being written over", async () => {
    objects.clear();
    objects.set("targets/mon.json", "broken");
    const { last } = await watch(days, { checkpointing: true, parameters: { days: ["mon"] } });
    expect(last("day-1[0]")).toMatchObject({
      type: "Failed",
      message: "The object at the task's target could not be read: not what was written",
    });
    expect(objects.get("targets/mon.json")).toBe("broken");
  });
});
