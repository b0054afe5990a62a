import { FlowRunnerError } from "../errors/index.ts";
import { meantBy } from "../errors/meant-by.ts";
import type { FlowGraph, ParameterSpec } from "../graph/index.ts";

/** A flow as far as its parameters go. */
interface DeclaredParameters {
  readonly name: string;
  readonly parameters: readonly Pick<ParameterSpec, "name" | "required" | "schema">[];
}

/**
 * The parameters of a run: what was given, and the defaults of the rest.
 *
 * @throws FlowRunnerError `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`
 */
export function resolveParameters(
  graph: FlowGraph,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  checkParameters(graph, given);
  return Object.fromEntries(
    graph.parameters.map((parameter) => [
      parameter.name,
      Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default,
    ]),
  );
}

/**
 * Whether a flow can be run with the values given.
 *
 * @throws FlowRunnerError `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`
 */
export function checkParameters(flow: DeclaredParameters, given: Readonly<Record<string, unknown>>): void {
  const known = flow.parameters.map(({ name }) => name);
  const names = Object.keys(given).filter((name) => !known.includes(name));
  if (names.length > 0) {
    const nearest = names.map((name) => meantBy(name, known));
    const meant = [...new Set(nearest.filter((name) => name !== undefined))];
    throw new FlowRunnerError("PARAMETER_UNKNOWN", { flow: flow.name, names, known, meant });
  }
  const missing = flow.parameters.filter(({ name, required }) => required && !Object.hasOwn(given, name));
  if (missing.length > 0) {
    throw new FlowRunnerError("PARAMETER_MISSING", { flow: flow.name, names: missing.map(({ name }) => name) });
  }
}
