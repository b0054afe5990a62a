export { buildFlow } from "./build-flow.ts";
export { setReferenceTasks } from "./building/reference-tasks.ts";
export { callSite } from "./call-site.ts";
export type * from "./definition.ts";
export { refuseDuplicateFlows } from "./duplicate-flows.ts";
export { type Duration, milliseconds } from "./duration.ts";
export { FlowBase, isFlow } from "./flow-base.ts";
export type { FlowOptions, ReferenceTasks } from "./flow-options.ts";
export type { Input, Inputs, MapInputs } from "./inputs/input.ts";
export { jsonProblem } from "./inputs/json-problem.ts";
export type { TaskResult } from "./inputs/reference.ts";
export { type Unmapped, unmapped } from "./inputs/unmapped.ts";
export type { HandlerTools, LocationContext, ResultHandler } from "./result-handler.ts";
export { context, type RunContext, runInContext, type TaskLogger } from "./running/context.ts";
export type {
  DeploymentFlowRun,
  FlowRunControl,
  PauseOptions,
  RunDeploymentOptions,
  SuspendOptions,
} from "./running/flow-run-control.ts";
export { lookOverParameters, type ParametersFound } from "./running/look-over-parameters.ts";
export { pauseFlowRun, suspendFlowRun } from "./running/pause-flow-run.ts";
export type {
  ArtifactChange,
  ArtifactForm,
  ArtifactTable,
  RunArtifactOptions,
  RunArtifacts,
} from "./running/run-artifacts.ts";
export { type RunDates, runDates } from "./running/run-dates.ts";
export { runDeployment } from "./running/run-deployment.ts";
export type { RunLimits, SlotOptions, WantedSlots } from "./running/run-limits.ts";
export type { AskRun, PauseForm, PauseOver, RunQuestion, VariableFound } from "./running/run-question.ts";
export type { RunVariables } from "./running/run-variables.ts";
export { isSignal, Signal, type SignalKind, signals } from "./running/signals.ts";
export {
  type Clock,
  type ClockOptions,
  CronClock,
  type CronClockOptions,
  DatesClock,
  IntervalClock,
  type IntervalClockOptions,
} from "./schedule/clocks.ts";
export type { DateInput } from "./schedule/date-input.ts";
export { CronSchedule, IntervalSchedule, Schedule, type ScheduleOptions } from "./schedule/schedule.ts";
export { type CustomCacheValidator, cacheValidators } from "./task/cache-validators.ts";
export type { CallOptions } from "./task/call-options.ts";
export { type ParameterOptions, parameter } from "./task/parameter.ts";
export type { ParameterSchema } from "./task/parameter-schema.ts";
export type { RetryOn } from "./task/retry-on.ts";
export { secret } from "./task/secret.ts";
export { type Task, task } from "./task/task.ts";
export type { TaskOptions } from "./task/task-options.ts";
export { type CustomTrigger, type TriggerThresholds, triggers } from "./task/triggers.ts";
export { unknownOption } from "./unknown-option.ts";
