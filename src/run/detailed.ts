import { FlowRunnerError } from "../errors/index.ts";
import type { ParametersFound } from "../flow/index.ts";
import type { FlowGraph } from "../graph/index.ts";
import type { ChildHost, RunDetails } from "../host/index.ts";

type Parameters = RunDetails["parameters"];

/**
 * Tells a host about its run. Where the flow's parameters have schemas, which are code of the flow's, the host has them
 * look over the run's first.
 *
 * @returns the parameters as the schemas leave them
 * @throws FlowRunnerError `PARAMETER_VALUE_INVALID`
 */
export async function detailed(
  host: Pick<ChildHost, "detail" | "call">,
  graph: FlowGraph,
  details: RunDetails,
): Promise<Parameters> {
  host.detail(details);
  if (graph.parameters.every(({ schema }) => schema === undefined)) return details.parameters;
  const outcome = await host.call({ fn: "parameters" });
  const problem = outcome.kind === "error" ? outcome.error.message : "a schema has thrown a signal";
  const found = outcome.kind === "ok" ? (outcome.value as ParametersFound) : { problems: [problem] };
  const parameters = accepted(graph, found);
  host.detail({ ...details, parameters });
  return parameters;
}

/** @throws FlowRunnerError `PARAMETER_VALUE_INVALID` */
export function accepted({ name: flow }: FlowGraph, found: ParametersFound): Parameters {
  if (found.problems === null) return found.parameters;
  throw new FlowRunnerError("PARAMETER_VALUE_INVALID", { flow, problems: found.problems });
}
