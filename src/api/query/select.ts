import type { Value } from "../database/database.ts";
import { entities } from "../schema/entities.ts";
import type { EntityName, Relation } from "../schema/entity.ts";
import { type Binding, condition, newTable, type Where } from "./where.ts";

export interface ListArguments {
  readonly where?: Where | null;
  readonly order_by?: readonly Readonly<Record<string, string>>[] | null;
  readonly limit?: number | null;
  readonly offset?: number | null;
}

/** Only the rows whose `column` has this value: those on the other side of a relation. */
export interface Bound {
  readonly column: string;
  readonly value: Value;
}

export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** Postgres, which Hasura asks, puts nulls last going up and first going down; SQLite does the opposite. */
const orders: Readonly<Record<string, string>> = {
  asc: "ASC NULLS LAST",
  asc_nulls_first: "ASC NULLS FIRST",
  asc_nulls_last: "ASC NULLS LAST",
  desc: "DESC NULLS FIRST",
  desc_nulls_first: "DESC NULLS FIRST",
  desc_nulls_last: "DESC NULLS LAST",
};

/**
 * The statement that reads what a query selects from an entity: of its columns only the `fields` (a state may be a
 * megabyte). Without an order, rows come in the order in which they were made.
 */
export function select(
  entity: EntityName,
  fields: Iterable<string>,
  { where, order_by, limit, offset }: ListArguments,
  bound?: Bound,
): Statement {
  const binding: Binding = { values: [], tables: 0 };
  const row = newTable(binding);
  const conditions: string[] = [];
  if (bound !== undefined) {
    conditions.push(`${row}."${bound.column}" = ?`);
    binding.values.push(bound.value);
  }
  if (where !== null && where !== undefined) conditions.push(condition(entity, where, row, binding));
  const keys = (order_by ?? []).flatMap((each) =>
    Object.entries(each).map(([column, direction]) => `${row}."${column}" ${orders[direction]}`),
  );
  // A limit of -1 is none, in SQLite.
  binding.values.push(limit ?? -1, offset ?? 0);
  return {
    sql: [
      `SELECT ${columnsOf(entity, fields, row)} FROM ${entity} ${row}`,
      conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`,
      `ORDER BY ${[...keys, `${row}.rowid`].join(", ")} LIMIT ? OFFSET ?`,
    ].join(" "),
    values: binding.values,
  };
}

function columnsOf(entity: EntityName, fields: Iterable<string>, row: string): string {
  const { columns, relations } = entities[entity];
  const wanted = new Set<string>();
  for (const field of fields) {
    const relation: Relation | undefined = relations[field];
    if (relation !== undefined) wanted.add(relation.local);
    else if (columns[field] !== undefined) wanted.add(field);
  }
  if (wanted.size === 0) return "1";
  return [...wanted].map((name) => `${columns[name]?.from?.(row) ?? `${row}."${name}"`} AS "${name}"`).join(", ");
}
