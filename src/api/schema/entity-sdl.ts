import { entities, entityNames } from "./entities.ts";
import type { ColumnKind, EntityName } from "./entity.ts";

/** The operators of Hasura's `where` that this API knows; GraphQL refuses any other one by name. */
const operators = (kind: ColumnKind): string => {
  const compared = `_eq: ${kind} _neq: ${kind} _gt: ${kind} _gte: ${kind} _lt: ${kind} _lte: ${kind}`;
  // JSON has no order and, in Hasura, operators of its own, of which there is none here.
  return `_is_null: Boolean ${kind === "jsonb" ? "" : `${compared} _in: [${kind}!] _nin: [${kind}!]`}`;
};

const kinds: readonly ColumnKind[] = ["uuid", "String", "Int", "Boolean", "timestamptz", "jsonb"];

const listArguments = (name: EntityName): string =>
  `(where: ${name}_bool_exp, distinct_on: [${name}_select_column!], order_by: [${name}_order_by!], limit: Int, offset: Int)`;

/** A list under its own name, and under `<name>_aggregate` how many there are. */
const listFields = (name: string, of: EntityName): string =>
  `${name}${listArguments(of)}: [${of}!]! ${name}_aggregate${listArguments(of)}: ${of}_aggregate!`;

function entityTypes(name: EntityName): string {
  const { columns, relations } = entities[name];
  const fields = Object.entries(columns).map(([column, { kind }]) => `${column}: ${kind}`);
  const related = Object.entries(relations).map(([relation, { to, many }]) =>
    many ? listFields(relation, to) : `${relation}: ${to}`,
  );
  const filters = Object.entries(columns).map(([column, { kind }]) => `${column}: ${kind}_comparison_exp`);
  const relatedFilters = Object.entries(relations).map(([relation, { to }]) => `${relation}: ${to}_bool_exp`);
  const orders = Object.entries(columns)
    .filter(([, { kind }]) => kind !== "jsonb")
    .map(([column]) => `${column}: order_by`);
  const combined = `_and: [${name}_bool_exp!] _or: [${name}_bool_exp!] _not: ${name}_bool_exp`;
  return `
    type ${name} { ${[...fields, ...related].join(" ")} }
    input ${name}_bool_exp { ${combined} ${[...filters, ...relatedFilters].join(" ")} }
    input ${name}_order_by { ${orders.join(" ")} }
    enum ${name}_select_column { ${Object.keys(columns).join(" ")} }
    type ${name}_aggregate { aggregate: aggregate_fields! }
    extend type Query { ${listFields(name, name)} }
    ${entities[name].byId ? `extend type Query { ${name}_by_pk(id: uuid!): ${name} }` : ""}`;
}

/** The schema of all queries over entities, in the shapes of Hasura 1.x. */
export function entitySdl(): string {
  return [
    "scalar uuid scalar timestamptz scalar jsonb",
    "type aggregate_fields { count: Int! }",
    "enum order_by { asc asc_nulls_first asc_nulls_last desc desc_nulls_first desc_nulls_last }",
    ...kinds.map((kind) => `input ${kind}_comparison_exp { ${operators(kind)} }`),
    ...entityNames.map(entityTypes),
  ].join("\n");
}
