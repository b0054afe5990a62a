import type { JsonSchema } from "../graph.ts";
import { pointerSteps } from "./pointer-steps.ts";

type Part = Readonly<Record<string, unknown>>;

/** Keywords whose values are schemas: one, a list of them, or one for each name. */
const single = ["items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else"];
const lists = ["anyOf", "allOf", "oneOf", "prefixItems"];
const named = ["properties", "patternProperties", "dependentSchemas"];
const isDefinition = (keyword: string): boolean =>
  keyword === "$schema" || keyword === "$defs" || keyword === "definitions";

/** References that stand for what they refer to. A dozen schemas that all refer to each other would be millions. */
const mostUnfolded = 200;

/**
 * A JSON schema as the forms of Prefect 3's pages can show it. They know one type in a place, alternatives that are not nested,
 * and references to nothing but `#/definitions/NAME`, where one that comes back to itself hangs the page. So what is
 * referred to stands in the reference's place, any value where it would come within itself; several types are alternatives; and
 * a field without a title has its name for one.
 *
 * @example formSchema({ type: ["string", "null"] }) // { anyOf: [{ type: "string" }, { type: "null" }] }
 */
export function formSchema(schema: JsonSchema): JsonSchema {
  let unfolded = 0;
  const visit = (part: unknown, within: readonly string[]): unknown => {
    if (Array.isArray(part)) return part.map((each) => visit(each, within));
    if (!isPart(part)) return part;
    const { $ref: reference, ...own } = part;
    const target = typeof reference === "string" ? referredTo(schema, reference) : undefined;
    const labels = Object.fromEntries(
      Object.entries(own).map(([keyword, value]) => [keyword, inKeyword(keyword, value, within)]),
    );
    for (const keyword of Object.keys(labels)) if (isDefinition(keyword)) delete labels[keyword];
    if (typeof reference !== "string") return alternatives(labels);
    // A reference to elsewhere is none of ours.
    if (target === undefined) return { $ref: reference, ...labels };
    if (within.includes(reference) || unfolded === mostUnfolded) return labels;
    unfolded += 1;
    return { ...(visit(target, [...within, reference]) as Part), ...labels };
  };
  const inKeyword = (keyword: string, value: unknown, within: readonly string[]): unknown => {
    if (single.includes(keyword) || lists.includes(keyword)) return visit(value, within);
    if (!named.includes(keyword) || !isPart(value)) return value;
    const each = Object.entries(value).map(([name, part]): [string, unknown] => [name, visit(part, within)]);
    return Object.fromEntries(keyword === "properties" ? each.map(titled) : each);
  };
  return visit(schema, ["#"]) as JsonSchema;
}

/** A field without a title is called by its type. */
const titled = ([name, part]: [string, unknown]): [string, unknown] => [
  name,
  isPart(part) && part.title === undefined ? { title: name, ...part } : part,
];

const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a JSON pointer into the schema leads to; undefined: nothing. */
function referredTo(schema: JsonSchema, reference: string): Part | undefined {
  if (!reference.startsWith("#")) return undefined;
  const found = pointerSteps(reference).reduce<unknown>(
    (part, step) => (part as Part | null | undefined)?.[step],
    schema,
  );
  return isPart(found) ? found : undefined;
}

/** Several types, and alternatives within alternatives, as one list of alternatives. */
function alternatives(part: Part): Part {
  if (Array.isArray(part.type) && part.anyOf === undefined) {
    const { type: types, title, description, default: fallback, ...rest } = part;
    const labels = Object.entries({ title, description, default: fallback }).filter(([, value]) => value !== undefined);
    const each = (types as readonly string[]).map((type) => ofType(type, rest));
    return { ...Object.fromEntries(labels), ...(each.length === 1 ? each[0] : { anyOf: each }) };
  }
  if (!Array.isArray(part.anyOf)) return part;
  const anyOf = part.anyOf.flatMap((each: Part) =>
    Object.keys(each).join() === "anyOf" ? (each.anyOf as Part[]) : [each],
  );
  const isSecondNull = (each: Part, at: number) =>
    Object.keys(each).join() === "type" &&
    anyOf.findIndex(({ type }) => type === each.type) < at &&
    each.type === "null";
  return { ...part, anyOf: anyOf.filter((each, at) => !isSecondNull(each, at)) };
}

function ofType(type: string, { enum: values, ...rest }: Part): Part {
  if (!Array.isArray(values)) return { ...rest, type };
  const own = values.filter(
    (value) => (value === null ? "null" : typeof value) === (type === "integer" ? "number" : type),
  );
  return type === "null" ? { type } : { ...rest, type, enum: own };
}
