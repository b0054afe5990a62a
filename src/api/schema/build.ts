import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { entitySdl } from "./entity-sdl.ts";
import { operationsSdl } from "./operations-sdl.ts";
import { registrationSdl } from "./registration-sdl.ts";
import { runsSdl } from "./runs-sdl.ts";
import { attachScalars } from "./scalars.ts";

/** How fields are resolved, by type and field; a field that is not named is read from its row. */
export type Resolvers<Context> = Readonly<
  Record<string, Readonly<Record<string, GraphQLFieldResolver<unknown, Context>>>>
>;

/** The whole schema text; `assumeValidSDL` below relies on the test that validates it. */
export const schemaSdl = (): string => [operationsSdl, registrationSdl, runsSdl, entitySdl()].join("\n");

/** The schema of 1.x with its resolvers. */
export const buildApiSchema = <Context>(resolvers: Resolvers<Context>): GraphQLSchema =>
  withResolvers(buildSchema(schemaSdl(), { assumeValidSDL: true, noLocation: true }), resolvers);

/** Gives a schema its scalars and resolvers; an operation without one is a mistake of ours, seen at once. */
export function withResolvers<Context>(schema: GraphQLSchema, resolvers: Resolvers<Context>): GraphQLSchema {
  attachScalars(schema);
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`the schema has no type ${typeName}`);
    const known = type.getFields();
    for (const [name, resolve] of Object.entries(fields)) {
      const field = known[name];
      if (field === undefined) throw new Error(`the schema has no field ${typeName}.${name}`);
      field.resolve = resolve;
    }
  }
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      if (field.resolve === undefined) throw new Error(`nothing resolves ${root?.name}.${field.name}`);
    }
  }
  return schema;
}
