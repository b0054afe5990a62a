import { describe, expect, it } from "vitest";
import { context, flow, task } from "../../src/index.ts";
import { watch } from "./watch.ts";

/** A task whose bodies all stay inside until `width` of them are, and that counts how many ever were at once. */
function crowd(width: number) {
  const full = Promise.withResolvers<void>();
  const seen = { now: 0, most: 0 };
  const enter = task("enter", async (_inputs: { x: number }) => {
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    if (seen.now === width) full.resolve();
    await full.promise;
    seen.now -= 1;
  });
  return { enter, seen };
}

const xs = Array.from({ length: 20 }, (_, x) => x);

describe("concurrency", () => {
  it("runs as many bodies at once as it may, and never more", async () => {
    const { enter, seen } = crowd(5);
    await watch(
      flow("crowd", () => enter.map({ x: xs })),
      { concurrency: 5 },
    );
    expect(seen.most).toBe(5);
  });

  it("is 32 when nothing is said", async () => {
    const { enter, seen } = crowd(32);
    await watch(flow("crowd", () => enter.map({ x: Array.from({ length: 40 }, (_, x) => x) })));
    expect(seen.most).toBe(32);
  });

  it("of one runs one after the other", async () => {
    const { enter, seen } = crowd(1);
    await watch(
      flow("crowd", () => {
        enter({ x: 1 });
        enter({ x: 2 });
      }),
      { concurrency: 1 },
    );
    expect(seen.most).toBe(1);
  });
});

describe("stopping a run here", () => {
  it("tells the bodies that run, starts no other, and is Cancelled", async () => {
    const stop = new AbortController();
    let heard = false;
    const hangs = task("hangs", () => {
      context.signal.addEventListener("abort", () => {
        heard = true;
      });
      stop.abort("cancelled");
      return new Promise(() => {});
    });
    const below = task("below", () => 1);
    const { run, story } = await watch(
      flow("stop", () => below().after(hangs())),
      { signal: stop.signal },
    );
    expect(heard).toBe(true);
    expect(story).toEqual(["flow Running", "hangs-1 Running", "flow Cancelled"]);
    expect(run.state.type).toBe("Cancelled");
  });

  it("does not wait out the delay of a retry", async () => {
    const stop = new AbortController();
    const fails = task(
      "fails",
      () => {
        throw new Error("no");
      },
      { maxRetries: 1, retryDelay: "1h" },
    );
    const running = watch(
      flow("stop", () => fails()),
      { signal: stop.signal },
    );
    setImmediate(() => stop.abort("SIGTERM"));
    const { run, types } = await running;
    expect(types("fails-1")).toEqual(["Running", "Failed", "Retrying", "Failed"]);
    expect(run.state.type).toBe("Failed");
  });

  it("before it began runs nothing", async () => {
    let ran = false;
    const it = task("it", () => {
      ran = true;
    });
    const { run } = await watch(
      flow("stop", () => it()),
      { signal: AbortSignal.abort("cancelled") },
    );
    expect(ran).toBe(false);
    expect(run.state.type).toBe("Cancelled");
  });
});
