export { failureMessage } from "./failure-message.ts";
export { Crash, cancelledByHand, stoppedState, stopSentence } from "./flow/early-end.ts";
export type { FlowRunOptions } from "./flow/flow-run-options.ts";
export { type Conclusion, type FlowOutcome, runFlow } from "./flow/flow-runner.ts";
export { checkParameters, resolveParameters } from "./parameters.ts";
export type { TaskRun, TaskRuns } from "./plan/task-run.ts";
export type * from "./ports.ts";
export { systemClock } from "./system-clock.ts";
export { isPassing } from "./task/entry-state.ts";
