import { FlowRunnerError } from "../errors/index.ts";

/** An executor as an environment names it. */
export interface ExecutorSpec {
  /** Its name, or Prefect's dotted path to it. */
  readonly type: string;
  readonly [option: string]: unknown;
}

/** How tasks are run: in the host, at most this many at once. */
export interface ExecutorPlan {
  readonly concurrency: number;
}

/** Executors of Prefect that need an engine of their own. */
const notThereYet = ["DaskExecutor", "LocalDaskExecutor", "RayExecutor"];

/**
 * Turns an executor's name and options into a plan.
 *
 * Prefect 0.7 warns and falls back to LocalExecutor when it does not know the name; here the run fails and says so,
 * since a run that silently lost its executor runs out of time or memory much later.
 *
 * @param concurrency - the runner's own limit, for an executor that names none
 * @throws FlowRunnerError `EXECUTOR_UNKNOWN`, `EXECUTOR_NOT_THERE_YET`, `EXECUTOR_OPTION`
 */
export function planExecutor(spec: ExecutorSpec | null, concurrency: number): ExecutorPlan {
  if (spec === null) return { concurrency };
  const name = spec.type.split(".").at(-1) ?? spec.type;
  const { type: _type, ...options } = spec;
  switch (name) {
    case "LocalExecutor":
      return { concurrency: limit(name, options, concurrency) };
    case "SynchronousExecutor":
      return { concurrency: 1 };
    default:
      if (notThereYet.includes(name)) throw new FlowRunnerError("EXECUTOR_NOT_THERE_YET", { executor: spec.type });
      throw new FlowRunnerError("EXECUTOR_UNKNOWN", { executor: spec.type });
  }
}

function limit(executor: string, options: Readonly<Record<string, unknown>>, fallback: number): number {
  const { concurrency = fallback, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new FlowRunnerError("EXECUTOR_OPTION", { executor, option: unknown, given: String(options[unknown]) });
  if (typeof concurrency === "number" && Number.isInteger(concurrency) && concurrency >= 1) return concurrency;
  throw new FlowRunnerError("EXECUTOR_OPTION", { executor, option: "concurrency", given: String(concurrency) });
}
