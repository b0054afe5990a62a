import type { Value } from "../database/database.ts";
import { entities } from "../schema/entities.ts";
import type { EntityName, Relation } from "../schema/entity.ts";
import { type Binding, columnOf, condition, newTable, type Where } from "./where.ts";

export interface ListArguments {
  readonly where?: Where | null;
  /** Of the rows that have the same in these columns, only the first. */
  readonly distinct_on?: readonly string[] | null;
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
export function select(entity: EntityName, fields: Iterable<string>, args: ListArguments, bound?: Bound): Statement {
  const binding: Binding = { values: [], tables: 0 };
  const row = newTable(binding);
  const columns = columnsOf(entity, fields, row);
  return { sql: `SELECT ${columns} ${rows(entity, args, bound, row, binding)}`, values: binding.values };
}

/** The statement that counts the rows that a query selects, as `count`. */
export function count(entity: EntityName, args: ListArguments, bound?: Bound): Statement {
  const binding: Binding = { values: [], tables: 0 };
  const selected = `SELECT 1 ${rows(entity, args, bound, newTable(binding), binding)}`;
  return { sql: `SELECT count(*) AS count FROM (${selected})`, values: binding.values };
}

/** All of a statement that comes after its columns. */
function rows(
  entity: EntityName,
  args: ListArguments,
  bound: Bound | undefined,
  row: string,
  binding: Binding,
): string {
  const distinct = args.distinct_on ?? [];
  const chosen =
    distinct.length === 0
      ? matching(entity, args, bound, row, binding)
      : `WHERE ${row}.rowid IN (${firstOfEach(distinct, entity, args, bound, binding)})`;
  // A limit of -1 is none, in SQLite.
  binding.values.push(args.limit ?? -1, args.offset ?? 0);
  return `FROM ${entity} ${row} ${chosen} ORDER BY ${order(entity, args, row)} LIMIT ? OFFSET ?`;
}

function matching(
  entity: EntityName,
  { where }: ListArguments,
  bound: Bound | undefined,
  row: string,
  binding: Binding,
): string {
  const conditions: string[] = [];
  if (bound !== undefined) {
    conditions.push(`${row}."${bound.column}" = ?`);
    binding.values.push(bound.value);
  }
  const asked = where === null || where === undefined ? null : condition(entity, where, row, binding);
  if (asked !== null) conditions.push(asked);
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}

/** Postgres's DISTINCT ON, which SQLite does not have. */
function firstOfEach(
  distinct: readonly string[],
  entity: EntityName,
  args: ListArguments,
  bound: Bound | undefined,
  binding: Binding,
): string {
  const row = newTable(binding);
  const same = distinct.map((column) => columnOf(entity, column, row)).join(", ");
  const place = `row_number() OVER (PARTITION BY ${same} ORDER BY ${order(entity, args, row)}) AS place`;
  const chosen = matching(entity, args, bound, row, binding);
  return `SELECT at FROM (SELECT ${row}.rowid AS at, ${place} FROM ${entity} ${row} ${chosen}) WHERE place = 1`;
}

function order(entity: EntityName, { order_by }: ListArguments, row: string): string {
  const keys = (order_by ?? []).flatMap((each) =>
    Object.entries(each).map(([column, direction]) => `${columnOf(entity, column, row)} ${orders[direction]}`),
  );
  return [...keys, `${row}.rowid`].join(", ");
}

function columnsOf(entity: EntityName, fields: Iterable<string>, row: string): string {
  const { columns, relations } = entities[entity];
  const wanted = new Set<string>();
  for (const field of fields) {
    const relation: Relation | undefined = relations[field.replace(/_aggregate$/, "")];
    if (relation !== undefined) wanted.add(relation.local);
    else if (columns[field] !== undefined) wanted.add(field);
  }
  if (wanted.size === 0) return "1";
  return [...wanted].map((name) => `${columnOf(entity, name, row)} AS "${name}"`).join(", ");
}
