import { describe, expect, it } from "vitest";
import type { HandleRange } from "../../src/engine/index.ts";
import type { Flow } from "../../src/index.ts";
import { flow, task } from "../../src/index.ts";
import { over, runEngine } from "./scripted-store.ts";

/** Runs a flow one body after the other; says which values were let go when each body began. */
async function released(flow: Flow) {
  const gone = new Set<number>();
  const liveAt = new Map<string, number>();
  let made = 0;
  await runEngine(flow, {
    concurrency: 1,
    around: (host) =>
      over(host, {
        run: async (request) => {
          liveAt.set(`${request.slug}[${request.mapIndex}]`, made - gone.size);
          const outcome = await host.run(request);
          made += 1;
          return outcome;
        },
        release: (ranges: readonly HandleRange[]) => {
          for (const [first, count] of ranges) for (let at = 0; at < count; at += 1) gone.add(first + at);
          host.release(ranges);
        },
      }),
  });
  return { liveAt, left: made - gone.size };
}

const list = task("list", ({ length }: { length: number }) => Array.from({ length }, (_, index) => index));
const same = task("same", ({ x }: { x: number }) => x);

describe("values", () => {
  it("of a mapped chain are let go element by element, long before the last one is made", async () => {
    const { liveAt, left } = await released(
      flow("chain", () => same.map({ x: same.map({ x: same.map({ x: list({ length: 50 }) }) }) })),
    );
    expect(Math.max(...liveAt.values())).toBeLessThan(6);
    expect(left).toBe(0);
  });

  it("are kept while a task that needs them has still to run", async () => {
    const slow = task("slow", ({ x, all }: { x: number; all: readonly number[] }) => [x, all.length]);
    const seen: unknown[] = [];
    const check = task("check", ({ xs }: { xs: unknown }) => void seen.push(xs));
    const { left } = await released(
      flow("kept", () => {
        const all = list({ length: 2 });
        check({ xs: [slow({ x: same({ x: 1 }), all }), all] });
      }),
    );
    expect(seen).toEqual([
      [
        [1, 2],
        [0, 1],
      ],
    ]);
    expect(left).toBe(0);
  });
});
