import { setTimeout } from "node:timers/promises";
import { context, type TaskOptions, task } from "flow-runner";
import { gives, passes, soon } from "../common.ts";
import { graph } from "../graph.ts";

const sleep = (seconds: number) => setTimeout(1_000 * seconds, undefined, { signal: context.signal });

const sleeps = (name: string, seconds: number, options: TaskOptions = {}) =>
  task(
    name,
    async () => {
      if (context.taskRunCount === 1) await sleep(seconds);
      return context.taskRunCount;
    },
    { timeout: "1s", ...options },
  );

/** Bodies that take too long. */
export const timeouts = [
  graph("over its timeout", () => passes("next")({ x: sleeps("slow", 5)() })),
  graph("over its timeout once", () => passes("next")({ x: sleeps("slow", 5, { maxRetries: 1, retryDelay: soon })() })),
  graph("within its timeout", () => passes("next")({ x: sleeps("quick", 0)() })),
  graph("a mapped child over its timeout", () => {
    const slow = task(
      "slow",
      async ({ x }: { x: number }) => {
        await sleep(x);
        return x;
      },
      { timeout: "1s" },
    );
    return passes("next").map({ x: slow.map({ x: gives("list", [0, 5])() }) });
  }),
];
