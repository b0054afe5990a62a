import { context, signals, task } from "flow-runner";
import { gives, passes, skips, soon } from "../common.ts";
import { graph } from "../graph.ts";

const hour = 3_600_000;
const says = (signal: () => never) => task("says", signal);

/** States that a body asks for. */
export const signalling = [
  graph("success signal with a result", () =>
    passes("next")({ x: says(() => signals.success("done early", { result: 5 }))() }),
  ),
  graph("success signal without a result", () => says(() => signals.success("done early"))()),
  graph("success signal without a message", () => says(() => signals.success(undefined, { result: 1 }))()),
  graph("fail signal", () => passes("next")({ x: says(() => signals.fail("no good"))() })),
  graph("fail signal without a message", () => says(() => signals.fail())()),
  graph("trigger fail signal", () =>
    task("says", () => signals.triggerFail("not today"), { maxRetries: 1, retryDelay: soon })(),
  ),
  graph("skip signal", () => passes("third")({ x: passes("next")({ x: skips("skips")() }) })),
  graph("skip signal without a message", () => task("skips", () => signals.skip())()),
  graph("a skip that goes no further", () =>
    passes("third")({ x: gives("next", 1, { skipOnUpstreamSkip: false })({}, { after: skips("skips")() }) }),
  ),
  graph("a skip beside a failure", () =>
    gives("last", 1)({}, { after: [skips("skips")(), says(() => signals.fail("no good"))()] }),
  ),
  graph("pause signal", () =>
    passes("next")({
      x: task("says", () => {
        signals.pause("wait for it");
      })(),
    }),
  ),
  graph("pause signal with a time far away", () =>
    task("says", () => {
      signals.pause("wait for it", { after: hour });
    })(),
  ),
  graph("pause signal, resumed", () => {
    const paused = task("says", () => {
      signals.pause("wait for it");
      return context.taskRunCount;
    });
    return passes("next")({ x: paused() });
  }),
  graph("retry signal with a time far away", () =>
    passes("next")({ x: says(() => signals.retry("later", { after: hour }))() }),
  ),
  graph("a skip in one of two branches", () => {
    const first = gives("first", 1)();
    const left = skips("left")({}, { after: first });
    const right = gives("right", 1)({}, { after: first });
    return gives("last", 1, { skipOnUpstreamSkip: false })({}, { after: [left, right] });
  }),
];
