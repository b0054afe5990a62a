import type { LocalConfig } from "../../config/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowGraph, TaskSpec } from "../../graph/index.ts";

export type Defaults = Pick<
  LocalConfig,
  | "resultHandler"
  | "taskMaxRetries"
  | "taskRetryDelay"
  | "taskTimeout"
  | "taskCheckpoint"
  | "flowMaxRetries"
  | "flowRetryDelay"
>;

/**
 * Gives tasks what the configuration says and they do not: the result handler where neither they nor the flow have one,
 * and retries, timeout and checkpoint (Prefect: `tasks.defaults`, applied when a task is made); and a flow its own retries
 * (Prefect 3: `flows.default_retries`).
 *
 * @throws FlowRunnerError `TASK_OPTION_INVALID` for retries without a delay
 */
export function withConfiguredDefaults(graph: FlowGraph, defaults: Defaults): FlowGraph {
  const { resultHandler: handler } = defaults;
  const tasks = graph.tasks.map((task) => {
    const filled = withTaskDefaults(task, defaults);
    return task.kind === "secret" || handler === null
      ? filled
      : { ...filled, resultHandler: task.resultHandler ?? handler };
  });
  const { maxRetries = defaults.flowMaxRetries, retryDelay = defaults.flowRetryDelay } = graph;
  return { ...graph, tasks, maxRetries, retryDelay };
}

function withTaskDefaults(task: TaskSpec, defaults: Defaults): TaskSpec {
  const { unset = [] } = task;
  const retries = unset.includes("maxRetries") ? (defaults.taskMaxRetries ?? 0) : 0;
  const timeout = unset.includes("timeout") ? defaults.taskTimeout || null : null;
  const checkpoint = unset.includes("checkpoint") && defaults.taskCheckpoint === true;
  return {
    ...task,
    ...(retries > 0 ? { maxRetries: retries, retryDelay: delayFor(task, defaults) } : {}),
    ...(timeout === null ? {} : { timeout }),
    ...(checkpoint ? { checkpoint } : {}),
  };
}

function delayFor(task: TaskSpec, { taskRetryDelay }: Defaults): number {
  if (typeof taskRetryDelay === "number") return taskRetryDelay;
  // Prefect 1.x's sentence: its users look for it.
  const problem =
    "A datetime.timedelta `retry_delay` must be provided if max_retries > 0. PREFECT__TASKS__DEFAULTS__MAX_RETRIES is set; set PREFECT__TASKS__DEFAULTS__RETRY_DELAY too.";
  throw new FlowRunnerError("TASK_OPTION_INVALID", { task: task.name, option: "retryDelay", problem });
}
