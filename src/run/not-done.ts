import { FlowRunnerError } from "../errors/index.ts";

/**
 * The outcome of a verb that did not act because its flow's module was being loaded. It may be awaited and ignored;
 * reading anything of it says what happened, instead of going on with an outcome that is none.
 */
export function notDone<Outcome extends object>(flow: string, verb: string): Outcome {
  return new Proxy({} as Outcome, {
    get(_target, key) {
      // `await` asks for `then`, and printing for symbols.
      if (key === "then" || typeof key === "symbol") return undefined;
      throw new FlowRunnerError("NOT_DONE_WHILE_LOADING", { flow, verb, read: key });
    },
  });
}
