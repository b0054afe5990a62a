import type { Gotcha } from "./gotcha.ts";

/** Found in the graph, not in the code: see `checkResults`. */
export const unpersistedInput: Omit<Gotcha, "find"> = {
  name: "unpersisted-input",
  about: "a task with retries and an input that nothing persists: lost with a container that dies between two attempts",
  cure: 'Give the task upstream, or the flow, a result handler, or say `onMissingResult: "rerun"`',
};
