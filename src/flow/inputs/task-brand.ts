/** Marks the functions that `task()` makes. */
export const taskBrand = Symbol.for("flow-runner.task");

/** Whether a value is a task, which is easily given where its result is meant. */
export const isTask = (value: unknown): value is { readonly name: string } =>
  typeof value === "function" && taskBrand in value;
