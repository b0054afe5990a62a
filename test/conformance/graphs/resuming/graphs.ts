import { triggers } from "flow-runner";
import { fails, gives, plusOne } from "../common.ts";
import { graph } from "../graph.ts";

const chain = ([first = "", ...names]: readonly string[]) =>
  names.reduce((last, name) => plusOne(name)({ x: last }), gives(first, 1)());

const three = () => chain(["first", "second", "third"]);
const two = () => chain(["first", "second"]);

/** Runs that were begun before; what was done to them first is in runs/scenarios.ts. */
export const resuming = [
  graph("executed again when it is finished", () => chain(["first", "next"])),
  graph("executed again when it has failed", () => plusOne("next")({ x: fails("bad")() })),
  graph("scheduled for later", () => chain(["first"])),
  graph("one task has succeeded before", three),
  graph("one task has failed before", three),
  graph("one task was skipped before", three),
  graph("one task is about to be retried", two),
  graph("one task is to be retried much later", two),
  graph("one task was submitted while it was scheduled", two),
  graph("a terminal task failed before", () =>
    gives("last", 1, { trigger: triggers.alwaysRun })({}, { after: gives("first", 1)() }),
  ),
];
