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
 * Turns a `where` into an SQL condition on `row`, a table alias; null when it says nothing.
 *
 * As in Prefect 1.x's Hasura (`V1_BOOLEAN_NULL_COLLAPSE`) an empty object is true, and a comparison with null says
 * nothing: `prefect get flows` asks for `{ name: { _eq: null } }` when it was given no name. Unlike there, what says
 * nothing does not make a whole `_or` true: Prefect 0.7 looks for a task's cached states by its cache key, which may be
 * null, or its id, and would be given those of all tasks.
 */
export function condition(entity: EntityName, where: Where, row: string, binding: Binding): string | null {
  const entries = Object.entries(where);
  return entries.length === 0 ? "TRUE" : join("AND", entries.map(conditionOf));

  function conditionOf([key, value]: [string, unknown]): string | null {
    if (value === null || value === undefined) return null;
    if (key === "_and" || key === "_or") {
      const parts = asList(value).map((each) => condition(entity, each, row, binding));
      if (parts.length === 0) return key === "_and" ? "TRUE" : "FALSE";
      return join(key === "_and" ? "AND" : "OR", parts);
    }
    if (key === "_not") {
      const part = condition(entity, value as Where, row, binding);
      return part === null ? null : `NOT (${part})`;
    }
    const relation = entities[entity].relations[key];
    if (relation !== undefined) {
      const other = newTable(binding);
      const nested = condition(relation.to, value as Where, other, binding) ?? "TRUE";
      return `EXISTS (SELECT 1 FROM ${relation.to} ${other} WHERE ${other}."${relation.foreign}" = ${row}."${relation.local}" AND ${nested})`;
    }
    const column = columnOf(entity, key, row);
    const comparisons = Object.entries(value as Where);
    if (comparisons.length === 0) return "TRUE";
    return join(
      "AND",
      comparisons.map(([operator, operand]) => compare(column, operator, operand, binding)),
    );
  }
}

/** SQL for a column of an entity. */
export const columnOf = (entity: EntityName, column: string, row: string): string =>
  entities[entity].columns[column]?.from?.(row) ?? `${row}."${column}"`;

function compare(column: string, operator: string, operand: unknown, { values }: Binding): string | null {
  if (operand === null) return null;
  if (operator === "_is_null") return `${column} IS ${operand === true ? "" : "NOT "}NULL`;
  if (operator === "_in" || operator === "_nin") {
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

function join(word: "AND" | "OR", parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null);
  return said.length === 0 ? null : `(${said.join(` ${word} `)})`;
}
