import { context, signals, task } from "flow-runner";
import { gives, passes, plusOne, soon } from "../common.ts";
import { Boom, graph } from "../graph.ts";

const soFar = (): number => (context.loopResult as number | undefined) ?? 0;

const countTo = (limit: number, message?: string) =>
  task("counts", () => {
    const result = soFar() + 1;
    if (result < limit) signals.loop(message === undefined ? { result } : { result, message });
    return result;
  });

/** A body that runs again with its own result. */
export const loops = [
  graph("loop of three", () => plusOne("next")({ x: countTo(3)() })),
  graph("loop with a message of its own", () => countTo(2, "not there yet")()),
  graph("loop that fails", () => {
    const loops = task("loops", () => {
      if (context.loopCount === 2) throw new Boom("second");
      return signals.loop({ result: 1 });
    });
    return passes("next")({ x: loops() });
  }),
  graph("loop with a retry", () => {
    const loops = task(
      "loops",
      () => {
        if (context.loopCount === 2 && context.taskRunCount === 1) throw new Boom("second");
        if (context.loopCount < 3) signals.loop({ result: soFar() + 10 });
        return soFar();
      },
      { maxRetries: 1, retryDelay: soon },
    );
    return loops();
  }),
  graph("loop with inputs", () => {
    const loops = task("loops", ({ x }: { x: number }) => {
      const result = soFar() + x;
      if (result < 6) signals.loop({ result });
      return result;
    });
    return loops({ x: gives("x", 3)() });
  }),
  graph("mapped children that loop", () => {
    const loops = task("loops", ({ x }: { x: number }) => {
      const result = soFar() + 1;
      if (result < x) signals.loop({ result });
      return result;
    });
    return plusOne("next").map({ x: loops.map({ x: gives("list", [1, 2, 3])() }) });
  }),
  graph("loop that ends in a skip", () => {
    const loops = task("loops", () => {
      if (context.loopCount === 2) signals.skip("enough");
      return signals.loop({ result: 1 });
    });
    return passes("next")({ x: loops() });
  }),
];
