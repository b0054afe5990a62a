import { z } from "zod";
import type { CallRequest, Host } from "../engine/index.ts";
import { FlowRunnerError } from "../errors/index.ts";
import { type ExecutorPlan, type ExecutorSpec, planExecutor } from "../executors/index.ts";
import type { EnvironmentSpec } from "../graph/index.ts";

const executorSchema = z.looseObject({ type: z.string() }).nullable().default(null);

export interface EnvironmentRun {
  readonly spec: EnvironmentSpec;
  readonly host: Host;
  /** How many tasks may run at once where the environment says nothing. */
  readonly concurrency: number;
  /** For an environment that names none; null: LocalExecutor. */
  readonly executor: ExecutorSpec | null;
  /** Runs the flow; called once. */
  runFlow(plan: ExecutorPlan): Promise<void>;
  warn(message: string): void;
}

type Hook = Extract<CallRequest, { fn: "environment" }>["hook"];

/**
 * The two steps of an environment: `setup`, then `execute` between `onStart` and `onExit`; `onExit` is called also when
 * what came before it failed. Prefect 0.7: Environment.
 *
 * @throws FlowRunnerError `ENVIRONMENT_STEP_FAILED` with the step, `EXECUTOR_…`, `ENVIRONMENT_NOT_THERE_YET`
 */
export async function runInEnvironment(run: EnvironmentRun): Promise<void> {
  const { spec } = run;
  if (!spec.custom && spec.type !== "LocalEnvironment" && spec.type !== "RemoteEnvironment") {
    throw new FlowRunnerError("ENVIRONMENT_NOT_THERE_YET", { environment: spec.type });
  }
  if (spec.custom) await step(run, "setup");
  const plan = planExecutor(executorSchema.parse(spec.executor) ?? run.executor, run.concurrency);
  try {
    if (spec.hasOnStart) await step(run, "onStart");
    if (spec.custom) await step(run, "execute");
    else await run.runFlow(plan);
  } finally {
    // Its own failure must not replace what the run has come to.
    if (spec.hasOnExit) await step(run, "onExit").catch((error: Error) => run.warn(error.message));
  }
}

async function step({ spec, host }: EnvironmentRun, hook: Hook): Promise<void> {
  const outcome = await host.call({ fn: "environment", hook });
  if (outcome.kind === "ok") return;
  const reason =
    outcome.kind === "error"
      ? `${outcome.error.name}: ${outcome.error.message}`
      : `it threw a signal (${outcome.state.type})`;
  throw new FlowRunnerError("ENVIRONMENT_STEP_FAILED", { environment: spec.type, step: hook, reason });
}
