import { type State, type StateHandler, type StateType, type StateView, signals } from "flow-runner";
import { fails, failsUntil, gives, passes, plusOne, skips } from "../common.ts";
import { Boom, graph } from "../graph.ts";

/** A handler that acts on one type of state only. */
const on =
  (type: StateType, replace: () => State): StateHandler =>
  (_subject, _old, next) =>
    next.type === type ? replace() : undefined;

const state = (type: StateType, message: string) => (): State => ({ type, message, result: null, context: {} });

const marks =
  (mark: string): StateHandler =>
  (_subject, _old, next): StateView => ({ ...next, message: `${next.message} ${mark}` });

const throws = (): never => {
  throw new Boom("handler");
};

const throwsOnFailure = () => {
  throw new Boom("on_failure");
};

const seen = { stateHandlers: [marks("seen")] };
const handled = (...stateHandlers: StateHandler[]) => gives("task", 1, { stateHandlers });
const one = () => gives("task", 1)();

/** Functions that look at changes of state, and may change them. */
export const handlers = [
  graph("handlers see every state, in order", () => handled(marks("one"), marks("two"))()),
  graph("handlers see failures and retries", () => failsUntil("flaky", 2, seen)()),
  graph("handlers see skips and failed triggers", () => {
    passes("next", seen)({ x: skips("skips", "nothing to do", seen)() });
    passes("next", seen)({ x: fails("bad")() });
  }),
  graph("handlers see the mapped task and its children", () => plusOne("add", seen).map({ x: gives("list", [1])() })),
  graph("a handler that puts Failed for Running", () =>
    passes("next")({ x: handled(on("Running", state("Failed", "not now")))() }),
  ),
  graph("a handler that puts Success for Running", () => handled(on("Running", state("Success", "no need")))()),
  graph("a handler that puts Failed for Success", () =>
    passes("next")({ x: handled(on("Success", state("Failed", "not good enough")))() }),
  ),
  graph("a handler that puts Success for Failed", () => {
    const bad = fails("bad", "boom", { stateHandlers: [on("Failed", state("Success", "good enough"))] });
    return gives("next", 1)({}, { after: bad() });
  }),
  graph("a handler that puts Failed for Retrying", () =>
    failsUntil("flaky", 3, { stateHandlers: [on("Retrying", state("Failed", "give up"))] })(),
  ),
  graph("a handler that puts Skipped for Running", () =>
    passes("next")({ x: handled(on("Running", state("Skipped", "not needed")))() }),
  ),
  graph("a handler that throws at Running", () => passes("next")({ x: handled(on("Running", throws))() })),
  graph("a handler that throws at Success", () => passes("next")({ x: handled(on("Success", throws))() })),
  graph("a handler that skips by a signal at Running", () => handled(on("Running", () => signals.skip("by hand")))()),
  graph("a handler that fails by a signal at Success", () => handled(on("Success", () => signals.fail("by hand")))()),
  graph("a handler that pauses by a signal at Running", () => {
    const pauses: StateHandler = (_subject, _old, next) => {
      if (next.type === "Running") signals.pause("by hand");
    };
    return passes("next")({ x: handled(pauses)() });
  }),
  graph("on_failure that throws", () => fails("bad", "boom", { onFailure: throwsOnFailure })()),
  graph("on_failure of a task that succeeds", () => gives("good", 1, { onFailure: throwsOnFailure })()),

  graph("flow handlers see every state", one, { stateHandlers: [marks("one"), marks("two")] }),
  graph("a flow handler that puts Failed for Success", one, {
    stateHandlers: [on("Success", state("Failed", "no"))],
  }),
  graph("a flow handler that puts Failed for Running", one, {
    stateHandlers: [on("Running", state("Failed", "no"))],
  }),
  graph("a flow handler that throws at Success", one, { stateHandlers: [on("Success", throws)] }),
  graph("a flow handler that throws at Running", one, { stateHandlers: [on("Running", throws)] }),

  graph("a terminal state handler that puts Success for Failed", () => fails("bad")(), {
    terminalStateHandler: state("Success", "fine"),
  }),
  graph(
    "a terminal state handler that looks at the reference states",
    () => {
      gives("one", 1)();
      gives("two", 1)();
    },
    { terminalStateHandler: (_state, references) => state("Failed", `${references.length} reference states`)() },
  ),
  graph("a terminal state handler that changes nothing", one, { terminalStateHandler: () => undefined }),
  graph("a terminal state handler that throws", one, {
    terminalStateHandler: () => {
      throw new Boom("terminal");
    },
  }),
];
