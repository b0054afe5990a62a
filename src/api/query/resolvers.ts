import type { GraphQLFieldResolver, GraphQLResolveInfo } from "graphql";
import type { Database, Row } from "../database/database.ts";
import { Refusal } from "../rules/refusal.ts";
import type { Resolvers } from "../schema/build.ts";
import { entities, entityNames } from "../schema/entities.ts";
import type { Column, EntityName, Relation } from "../schema/entity.ts";
import { type Bound, count, type ListArguments, select } from "./select.ts";
import { selectedFields } from "./selected-fields.ts";

interface Reader {
  readonly database: Database;
}
type Resolver = GraphQLFieldResolver<unknown, Reader>;

/** Adds to the resolvers of operations those of the queries over entities. */
export function withEntityQueries<Context extends Reader>(operations: Resolvers<Context>): Resolvers<Context> {
  const entities: Resolvers<Context> = entityResolvers();
  return { ...entities, ...operations, Query: { ...entities.Query, ...operations.Query } };
}

/** The resolvers of every query over entities: lists, counts, `_by_pk`, relations, columns that are stored otherwise. */
function entityResolvers(): Resolvers<Reader> {
  const query: Record<string, Resolver> = {};
  const types: Record<string, Record<string, Resolver>> = { Query: query };
  for (const name of entityNames) {
    query[name] = (_, args, context, info) => list(name, args, context, info);
    query[`${name}_aggregate`] = (_, args, context) => aggregate(name, args, context);
    if (entities[name].byId) {
      query[`${name}_by_pk`] = (_, { id }, context, info) => one(name, { column: "id", value: id }, context, info);
    }
    types[name] = {
      ...mapValues(entities[name].relations, relationResolver),
      ...aggregateResolvers(entities[name].relations),
      ...mapValues(entities[name].columns, columnResolver),
    };
  }
  return types;
}

/** The resolver of a field that is the row of an entity; its parent holds the row's `id`. */
export const entityById =
  (name: EntityName): Resolver =>
  (parent, _args, context, info) =>
    one(name, { column: "id", value: (parent as Row).id ?? null }, context, info);

function relationResolver({ to, many, local, foreign }: Relation): Resolver {
  return (row, args, context, info) => {
    const value = (row as Row)[local] ?? null;
    const bound: Bound = { column: foreign, value };
    return many ? list(to, args, context, info, bound) : value === null ? null : one(to, bound, context, info);
  };
}

/** Of each relation to many: how many. */
function aggregateResolvers(relations: Readonly<Record<string, Relation>>): Record<string, Resolver> {
  const many = Object.entries(relations).filter(([, relation]) => relation.many);
  return Object.fromEntries(
    many.map(([name, { to, local, foreign }]) => [
      `${name}_aggregate`,
      (row, args, context) => aggregate(to, args, context, { column: foreign, value: (row as Row)[local] ?? null }),
    ]),
  );
}

function columnResolver({ kind }: Column): Resolver {
  return (row, _args, _context, { fieldName }) => {
    const value = (row as Row)[fieldName];
    if (value === null || value === undefined) return null;
    if (kind === "Boolean") return value === 1;
    return kind === "jsonb" ? JSON.parse(String(value)) : value;
  };
}

function list(
  name: EntityName,
  args: ListArguments,
  { database }: Reader,
  info: GraphQLResolveInfo,
  bound?: Bound,
): Row[] {
  checkPage(args);
  const { sql, values } = select(name, selectedFields(info), args, bound);
  return database.all(sql, ...values);
}

function aggregate(name: EntityName, args: ListArguments, { database }: Reader, bound?: Bound): object {
  checkPage(args);
  const { sql, values } = count(name, args, bound);
  return { aggregate: database.first(sql, ...values) };
}

function checkPage(args: ListArguments): void {
  for (const key of ["limit", "offset"] as const) {
    if ((args[key] ?? 0) < 0) throw new Refusal(`unexpected negative value for ${key}`, "BAD_USER_INPUT");
  }
}

function one(name: EntityName, bound: Bound, { database }: Reader, info: GraphQLResolveInfo): Row | null {
  const { sql, values } = select(name, selectedFields(info), { limit: 1 }, bound);
  return database.first(sql, ...values) ?? null;
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
