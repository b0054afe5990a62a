import { z } from "zod";
import { FlowRunnerError } from "../errors/index.ts";
import { planExecutor } from "../executors/index.ts";
import type { EnvironmentSpec, FlowGraph } from "../graph/index.ts";
import type { Finding } from "./finding.ts";

const executor = z.looseObject({ type: z.string() }).nullable().default(null);

/** Environments that this flow-runner executes itself; custom ones bring their own code. */
const executed: readonly string[] = ["LocalEnvironment", "RemoteEnvironment"];

/**
 * Finds an environment or an executor that a run would refuse. Prefect 0.7: `environment_dependency_check` looks for the
 * packages that an environment needs.
 */
export function checkEnvironment({ name, environment }: FlowGraph): Finding {
  const problem = environmentProblem(environment);
  if (problem !== null) return { check: "environment", level: "error", flow: name, message: problem };
  return { check: "environment", level: "ok", flow: name, message: `${environment.type} can be executed here.` };
}

function environmentProblem(spec: EnvironmentSpec): string | null {
  try {
    if (!spec.custom && !executed.includes(spec.type)) {
      throw new FlowRunnerError("ENVIRONMENT_NOT_THERE_YET", { environment: spec.type });
    }
    planExecutor(executor.parse(spec.executor), 1);
    return null;
  } catch (error) {
    if (error instanceof FlowRunnerError) return error.message;
    throw error;
  }
}
