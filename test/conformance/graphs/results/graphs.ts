import { type FlowOptions, flow, LocalResultHandler, task } from "flow-runner";
import { failsUntil, gives, passes, plusOne, soon } from "../common.ts";
import { graph } from "../graph.ts";

const inFiles = {
  resultHandler: new LocalResultHandler({ dir: `${process.env.CONFORMANCE_FOLDER}/results` }),
} satisfies FlowOptions;

/** What is kept of a result, and where. */
export const results = [
  graph("results as files", () => plusOne("next", inFiles)({ x: gives("first", 1, inFiles)() })),
  graph("a task with a result of its own in a flow with another", () =>
    plusOne("next")({ x: gives("first", 1, inFiles)() }),
  ),
  flow("no result handler anywhere", () => plusOne("next")({ x: failsUntil("flaky", 2)() })),
  flow("no result handler, mapped", () =>
    plusOne("next").map({ x: plusOne("add").map({ x: gives("list", [1, 2])() }) }),
  ),
  graph("a task that is not checkpointed", () => plusOne("next")({ x: gives("first", 1, { checkpoint: false })() })),
  graph("nothing as a result", () =>
    task("next", ({ x }: { x: unknown }) => x === null)({ x: gives("nothing", null)() }),
  ),
  graph("false, zero and empty as results", () => {
    passes("falsy")({ x: gives("zero", 0)() });
    passes("falsy")({ x: gives("no", false)() });
    passes("falsy")({ x: gives("empty", "")() });
    passes("falsy")({ x: gives("none in it", [])() });
  }),
  graph("a result that is no JSON", () => gives("set", new Set([1]))()),
  graph("a result that is no JSON, of a task with retries", () =>
    gives("set", new Set([1]), { maxRetries: 1, retryDelay: soon })(),
  ),
  graph(
    "a target that is written, then found",
    () => plusOne("next")({ x: gives("kept", 5, { target: "kept-{flow_name}" })() }),
    inFiles,
  ),
  graph(
    "a target of mapped children",
    () => plusOne("kept", { target: "{flow_name}-{map_index}" }).map({ x: gives("list", [1, 2])() }),
    inFiles,
  ),
];
