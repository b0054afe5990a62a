import { setReferenceTasks, triggers } from "flow-runner";
import { fails, gives, oddFails, oddSkips, skips } from "../common.ts";
import { graph } from "../graph.ts";

const anyway = { trigger: triggers.alwaysRun };
const list = gives("list", [1, 2]);

/** Which tasks decide the state of the flow run. */
export const references = [
  graph("a failed terminal task that is no reference task", () => {
    const first = gives("first", 1)();
    fails("last")({}, { after: first });
    setReferenceTasks(first);
  }),
  graph("a failed reference task, a successful terminal task", () => {
    const bad = fails("bad")();
    gives("last", 1, anyway)({}, { after: bad });
    setReferenceTasks(bad);
  }),
  graph("a failure on the way, a successful terminal task", () =>
    gives("last", 1, anyway)({}, { after: fails("bad")() }),
  ),
  graph("a skipped reference task", () => setReferenceTasks(skips("skips")())),
  graph("mapped reference task, one child fails", () => {
    const odd = oddFails("odd").map({ x: list() });
    gives("last", 1, anyway)({}, { after: odd });
    setReferenceTasks(odd);
  }),
  graph("mapped reference task, one child skips", () => setReferenceTasks(oddSkips("odd").map({ x: list() }))),
  graph("two reference tasks, one fails", () => {
    const [good, bad] = [gives("good", 1)(), fails("bad")()];
    gives("last", 1, { trigger: triggers.allFinished })({}, { after: [good, bad] });
    setReferenceTasks(good, bad);
  }),
  graph("a reference task that is paused, a terminal task that is done", () => {
    const paused = gives("paused", 1, { trigger: triggers.manualOnly })();
    gives("done", 1)();
    setReferenceTasks(paused);
  }),
  graph("a terminal task that is paused, a reference task that is done", () => {
    gives("paused", 1, { trigger: triggers.manualOnly })();
    setReferenceTasks(gives("done", 1)());
  }),
];
