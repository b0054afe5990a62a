import type { Value } from "../database/database.ts";
import { entities } from "../schema/entities.ts";
import type { EntityName } from "../schema/entity.ts";

/** A `where` in Hasura's form, as GraphQL has checked it: only known columns, relations and operators are in it. */
export type Where = Readonly<Record<string, unknown>>;

/** Collects a statement's values in their order, and names its tables apart. */
export interface Binding {
  readonly values: Value[];
  tables: number;
}

export const newTable = (binding: Binding): string => `t${binding.tables++}`;

const comparisons: Readonly<Record<string, string>> = {
  _eq: "=",
  _neq: "<>",
  _gt: ">",
  _gte: ">=",
  _lt: "<",
  _lte: "<=",
};

/**
 * Turns a `where` into an SQL condition on `row`, a table alias.
 *
 * An empty object is true, as in Hasura. A comparison with null matches no row, as in SQL: Hasura 1.x takes it for
 * true, with which one null id would match every row.
 */
export function condition(entity: EntityName, where: Where, row: string, binding: Binding): string {
  const { columns, relations } = entities[entity];
  const parts = Object.entries(where).map(([key, value]) => {
    if (value === null || value === undefined) return "TRUE";
    if (key === "_and") return all(asList(value).map((each) => condition(entity, each, row, binding)));
    if (key === "_or") return any(asList(value).map((each) => condition(entity, each, row, binding)));
    if (key === "_not") return `NOT (${condition(entity, value as Where, row, binding)})`;
    const relation = relations[key];
    if (relation !== undefined) {
      const other = newTable(binding);
      const nested = condition(relation.to, value as Where, other, binding);
      return `EXISTS (SELECT 1 FROM ${relation.to} ${other} WHERE ${other}."${relation.foreign}" = ${row}."${relation.local}" AND ${nested})`;
    }
    const column = columns[key]?.from?.(row) ?? `${row}."${key}"`;
    return all(
      Object.entries(value as Where).map(([operator, operand]) => compare(column, operator, operand, binding)),
    );
  });
  return all(parts);
}

function compare(column: string, operator: string, operand: unknown, { values }: Binding): string {
  if (operator === "_is_null") return operand === null ? "TRUE" : `${column} IS ${operand === true ? "" : "NOT "}NULL`;
  if (operator === "_in" || operator === "_nin") {
    if (operand === null) return "FALSE";
    // One value whatever the list's length: the statement's text stays the same, and SQLite's limit on values is far.
    values.push(JSON.stringify(operand));
    return `${column} ${operator === "_in" ? "IN" : "NOT IN"} (SELECT value FROM json_each(?))`;
  }
  values.push(toValue(operand));
  return `${column} ${comparisons[operator]} ?`;
}

function toValue(operand: unknown): Value {
  if (typeof operand === "boolean") return operand ? 1 : 0;
  if (typeof operand === "string" || typeof operand === "number") return operand;
  return null;
}

const asList = (value: unknown): readonly Where[] => (Array.isArray(value) ? value : [value]) as readonly Where[];
const all = (parts: readonly string[]): string => (parts.length === 0 ? "TRUE" : `(${parts.join(" AND ")})`);
const any = (parts: readonly string[]): string => (parts.length === 0 ? "FALSE" : `(${parts.join(" OR ")})`);
