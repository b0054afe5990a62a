/**
 * What a flow's author imports. It holds descriptions only: the machinery behind them is loaded by whoever needs it.
 */
export {
  Environment,
  type EnvironmentOptions,
  LocalEnvironment,
  RemoteEnvironment,
  type RemoteEnvironmentOptions,
} from "./environments/environment.ts";
export { FlowRunnerError } from "./errors/flow-runner-error.ts";
export {
  type CallOptions,
  type CustomCacheValidator,
  type CustomTrigger,
  cacheValidators,
  context,
  type Duration,
  type FlowOptions,
  type HandlerTools,
  type Input,
  type Inputs,
  isSignal,
  type LocationContext,
  type MapInputs,
  type ParameterOptions,
  parameter,
  type ReferenceTasks,
  type ResultHandler,
  type RetryOn,
  type RunContext,
  runInContext,
  Signal,
  type SignalKind,
  type StateHandler,
  type StateView,
  secret,
  setReferenceTasks,
  signals,
  type Task,
  type TaskLogger,
  type TaskOptions,
  type TaskResult,
  type TriggerThresholds,
  task,
  triggers,
  type Unmapped,
  type UpstreamState,
  unmapped,
} from "./flow/index.ts";
export {
  ConstantResultHandler,
  CustomResultHandler,
  customResultHandler,
  JSONResultHandler,
  LocalResultHandler,
  SecretResultHandler,
} from "./results/index.ts";
export { Flow, flow, type LoadOptions } from "./run/author.ts";
export type { LocalRun, RunHereOptions } from "./run/local.ts";
export type { State, StateType } from "./state/state.ts";
