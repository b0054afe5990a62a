import type { JsonSchema } from "../graph.ts";

/** The same schema with its references into itself for a place in another document: `#/definitions/day`. */
export function rootedAt(schema: JsonSchema, place: string): JsonSchema {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, each]) => [name, name === "$ref" ? moved(each, place) : visit(each)]),
    );
  };
  return visit(schema) as JsonSchema;
}

const moved = (reference: unknown, place: string): unknown =>
  typeof reference === "string" && reference.startsWith("#") ? `${place}${reference.slice(1)}` : reference;

/** Whether some part of it refers to another. */
export const hasReferences = (schema: JsonSchema): boolean => JSON.stringify(schema).includes('"$ref":');

/** The step of a JSON pointer, within an address. */
export const pointerStep = (name: string): string =>
  encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
