import { Refusal } from "./refusal.ts";
import type { FlowParameter } from "./serialized-flow.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * The parameters of a new flow run: the flow's defaults, then its group's, then those given.
 *
 * Prefect 1.x: of the flow's own defaults only those that Python takes for true are filled in; the runner fills in the
 * others (0, false, "", empty ones) from the flow itself.
 *
 * @throws Refusal naming the required ones that are missing.
 */
export function runParameters(declared: readonly FlowParameter[], ofGroup: Values, given: Values): Values {
  const filled = {
    ...Object.fromEntries(declared.filter((each) => isTrue(each.default)).map((each) => [each.name, each.default])),
    ...ofGroup,
    ...given,
  };
  const missing = declared.filter(({ name, required }) => required && !Object.hasOwn(filled, name));
  if (missing.length === 0) return filled;
  const names = missing.map(({ name }) => `'${name}'`).join(", ");
  throw new Refusal(`Required parameters were not supplied: {${names}}`);
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
