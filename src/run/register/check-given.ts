import { checkParameters } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { problemTexts } from "../../graph/index.ts";

type Declared = Parameters<typeof checkParameters>[0];

/**
 * Whether a flow can be run with the values given, as far as its registration tells: names, and what its parameters'
 * JSON schemas say of the values. None of its code is loaded.
 *
 * @throws FlowRunnerError `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`, `PARAMETER_VALUE_INVALID`
 */
export async function checkGiven(flow: Declared, given: Readonly<Record<string, unknown>>): Promise<void> {
  checkParameters(flow, given);
  const problems: string[] = [];
  for (const { name, schema, required } of flow.parameters) {
    const isLeftOut = !Object.hasOwn(given, name) || (given[name] === null && !required);
    if (schema === undefined || isLeftOut) continue;
    const { schemaProblems } = await import("../../graph/json-schema/schema-problems.ts");
    problems.push(...problemTexts(name, await schemaProblems(schema, given[name])));
  }
  if (problems.length > 0) throw new FlowRunnerError("PARAMETER_VALUE_INVALID", { flow: flow.name, problems });
}
