export type { FlowRunOptions } from "./flow-run-options.ts";
export { type Conclusion, type FlowOutcome, runFlow } from "./flow-runner.ts";
export { resolveParameters } from "./parameters.ts";
export type * from "./ports.ts";
export { systemClock } from "./system-clock.ts";
export type { TaskRun, TaskRuns } from "./task-run.ts";
