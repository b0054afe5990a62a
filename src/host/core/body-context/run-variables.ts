import { FlowRunnerError } from "../../../errors/index.ts";
import { type AskRun, jsonProblem, type RunVariables, type VariableFound } from "../../../flow/index.ts";

/** Prefect 3's, which an API of it answers 422 for otherwise. */
const namePattern = /^[a-z0-9_-]+$/;

/** The variables that a body sees: those of the run's context first, as with secrets, then the API's. */
export function runVariables(
  context: Readonly<Record<string, unknown>>,
  ask: AskRun,
  taskRunId: string | null,
): RunVariables {
  const own = context.variables;
  const find = async (name: string): Promise<VariableFound | null> => {
    if (typeof own === "object" && own !== null && Object.hasOwn(own, name)) return { value: Reflect.get(own, name) };
    return (await ask({ kind: "variable", name }, taskRunId)) as VariableFound | null;
  };
  return {
    get: async (name: string, ...fallback: readonly unknown[]) => {
      try {
        const found = await find(name);
        return (found === null ? fallback[0] : found.value) as never;
      } catch (error) {
        const isLacking = error instanceof FlowRunnerError && error.code === "VARIABLES_LACKING";
        if (isLacking && fallback.length > 0) return fallback[0] as never;
        throw error;
      }
    },
    set: async (name, value, { overwrite = false, tags = [] } = {}) => {
      const refuse = (problem: string): never => {
        throw new FlowRunnerError("VARIABLE_INVALID", { name, problem });
      };
      if (!namePattern.test(name))
        refuse("its name must only contain lowercase letters, numbers, dashes and underscores");
      const problem = jsonProblem(value);
      if (problem !== null) refuse(`its value must be JSON, but ${problem}`);
      await ask({ kind: "setVariable", name, value, tags: [...tags], overwrite }, taskRunId);
    },
  };
}
