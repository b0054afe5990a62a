import { FlowRunnerError } from "../errors/index.ts";
import type { FlowGraph } from "../graph/index.ts";

/**
 * The parameters of a run: what was given, and the defaults of the rest.
 *
 * @throws FlowRunnerError `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`
 */
export function resolveParameters(
  graph: FlowGraph,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const known = graph.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new FlowRunnerError("PARAMETER_UNKNOWN", { flow: graph.name, names: unknown, known });
  const missing = graph.parameters.filter(({ name, required }) => required && !Object.hasOwn(given, name));
  if (missing.length > 0) {
    throw new FlowRunnerError("PARAMETER_MISSING", { flow: graph.name, names: missing.map(({ name }) => name) });
  }
  return Object.fromEntries(
    graph.parameters.map((parameter) => [
      parameter.name,
      Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default,
    ]),
  );
}
