import type { OutputUnit, SchemaDraft } from "@cfworker/json-schema";
import type { JsonSchema } from "../graph.ts";
import { pointerSteps } from "./pointer-steps.ts";
import type { ValueProblem } from "./problem-texts.ts";

/** What holds other schemas says only that one of them does not fit. */
const holders = new Set([
  "properties",
  "patternProperties",
  "items",
  "prefixItems",
  "additionalItems",
  "$ref",
  "allOf",
]);

/**
 * What is wrong with a value by a JSON schema (2020-12, or the draft that its `$schema` names); empty: nothing. The
 * validator is loaded here, where there is a schema.
 *
 * @example await schemaProblems({ type: "array", items: { type: "integer" } }, [1, "2"]) // [{ path: [1], message: … }]
 */
export async function schemaProblems(schema: JsonSchema, value: unknown): Promise<readonly ValueProblem[]> {
  const { Validator } = await import("@cfworker/json-schema");
  const { valid, errors } = new Validator(schema, draftOf(schema), false).validate(value);
  if (valid) return [];
  const own = errors.filter(({ keyword }) => !holders.has(keyword));
  const formats = new Set(own.filter(({ keyword }) => keyword === "format").map((each) => each.instanceLocation));
  // Of a date it is said once that it is none, and not by the pattern too.
  const told = own.filter((each) => each.keyword !== "pattern" || !formats.has(each.instanceLocation));
  return (told.length === 0 ? errors : told).map((error) => ({ path: pathIn(error, value), message: inWords(error) }));
}

function draftOf({ $schema }: JsonSchema): SchemaDraft {
  const name = String($schema);
  if (/draft-0?4/.test(name)) return "4";
  if (/draft-0?7/.test(name)) return "7";
  return name.includes("2019-09") ? "2019-09" : "2020-12";
}

/** `#/days/1`, in which 1 is a place in a list or a name in an object. */
function pathIn({ instanceLocation }: OutputUnit, value: unknown): (string | number)[] {
  let part = value;
  return pointerSteps(instanceLocation).map((name) => {
    const isPlace = Array.isArray(part);
    part = typeof part === "object" && part !== null ? Reflect.get(part, name) : undefined;
    return isPlace ? Number(name) : name;
  });
}

function inWords({ error }: OutputUnit): string {
  const sentence = error
    .replace(/\.$/, "")
    .replace("Instance type", "type")
    .replace(/^Instance/, "it");
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
