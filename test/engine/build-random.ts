import { context, type Flow, flow, signals, type TaskResult, task, triggers, unmapped } from "../../src/index.ts";
import { isMapped, type RandomFlow, slugOf } from "./random-flows.ts";

const labelOf = (number: number, mapIndex: number | null): string =>
  mapIndex === null ? slugOf(number) : `${slugOf(number)}[${mapIndex}]`;

/** Builds the flow that a description means; `inside` is told of every body, and holds it up. */
export function buildRandom(description: RandomFlow, inside: (label: string) => Promise<void>): Flow {
  return flow("random", () => {
    const results: TaskResult<unknown>[] = [];
    description.forEach((each, number) => {
      const it = task(
        `t${number}`,
        async (_inputs: Record<string, unknown>) => {
          const { mapIndex, taskRunCount } = context;
          await inside(labelOf(number, mapIndex));
          const does = each.bodies[mapIndex ?? 0] ?? 0;
          if (does === "skip") signals.skip("skipped");
          if (Number(does) >= taskRunCount) throw new Error(`attempt ${taskRunCount}`);
          return Array.from({ length: each.width }, (_, index) => index);
        },
        {
          trigger: triggers[each.trigger],
          ...(each.maxRetries > 0 ? { maxRetries: each.maxRetries, retryDelay: 0 } : {}),
        },
      );
      const inputs = each.upstream.map((from, at) => [`u${at}`, results[from]] as const);
      const [first, ...rest] = inputs;
      if (isMapped(each) && first !== undefined) {
        const whole = rest.map(([key, result]) => [key, unmapped(result)] as const);
        results.push(it.map(Object.fromEntries([first, ...whole]) as Parameters<typeof it.map>[0]));
      } else results.push(it(Object.fromEntries(inputs)));
    });
  });
}
