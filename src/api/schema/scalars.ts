import { type GraphQLScalarType, type GraphQLSchema, isScalarType, Kind, type ValueNode } from "graphql";
import { canonicalTime } from "../rules/time.ts";
import { canonicalUuid } from "../rules/uuid.ts";

type Parse = (value: unknown) => unknown;

/** Prefect 1.x: inside a document, JSON is a string that holds JSON; in a variable it is the JSON itself. */
function jsonLiteral(node: ValueNode): unknown {
  if (node.kind !== Kind.STRING) throw new TypeError("write JSON as a string that holds it, or send it as a variable");
  return JSON.parse(node.value);
}

const textLiteral =
  (parse: Parse) =>
  (node: ValueNode): unknown => {
    if (node.kind !== Kind.STRING) throw new TypeError("it is written as a string");
    return parse(node.value);
  };

const parsers: Readonly<Record<string, Parse>> = {
  UUID: canonicalUuid,
  uuid: canonicalUuid,
  DateTime: canonicalTime,
  timestamptz: canonicalTime,
};

/** Gives the schema's scalars their meaning; times and ids have one form inside, so that they compare as text. */
export function attachScalars(schema: GraphQLSchema): void {
  for (const [name, parse] of Object.entries(parsers)) {
    const type = scalar(schema, name);
    type.parseValue = parse;
    type.parseLiteral = textLiteral(parse);
  }
  scalar(schema, "JSON").parseLiteral = jsonLiteral;
}

function scalar(schema: GraphQLSchema, name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`the schema has no scalar ${name}`);
  return type;
}
