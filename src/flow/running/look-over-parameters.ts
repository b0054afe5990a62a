import { messageOf } from "../../errors/message-of.ts";
import { problemTexts } from "../../graph/index.ts";
import type { FlowDefinition } from "../definition.ts";

/** A run's parameters as their schemas leave them, or all that is wrong with them. */
export type ParametersFound =
  | { readonly problems: null; readonly parameters: Readonly<Record<string, unknown>> }
  | { readonly problems: readonly string[] };

/**
 * Has the schemas of a flow's parameters look over the values of a run: one may refuse its value, give an object its
 * defaults, or make a number of a text. A parameter that is not required, was not given and has no default stays null.
 *
 * @param parameters - of all the flow's
 */
export async function lookOverParameters(
  { graph, parameterChecks }: Pick<FlowDefinition, "graph" | "parameterChecks">,
  parameters: Readonly<Record<string, unknown>>,
): Promise<ParametersFound> {
  const problems: string[] = [];
  const checked = { ...parameters };
  for (const { name, required, default: fallback = null } of graph.parameters) {
    const check = parameterChecks.get(name);
    const value = parameters[name] ?? null;
    if (check === undefined || (value === null && !required && fallback === null)) continue;
    try {
      const found = await check(value);
      if (found.problems === null) checked[name] = found.value;
      else problems.push(...problemTexts(name, found.problems));
    } catch (error) {
      problems.push(`${name}: its schema has thrown: ${messageOf(error)}`);
    }
  }
  return problems.length > 0 ? { problems } : { problems: null, parameters: checked };
}
