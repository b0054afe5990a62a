import {
  type GraphQLArgument,
  type GraphQLResolveInfo,
  type GraphQLType,
  getNullableType,
  isInputObjectType,
  isListType,
} from "graphql";
import type { RequestContext, Resolver } from "../mutations/context.ts";
import { operationResolvers } from "../mutations/index.ts";
import { snakeCase } from "./operations.ts";

type Input = Readonly<Record<string, unknown>>;

/**
 * A mutation of 0.7 that is worked on by one of 1.x.
 *
 * @param shape Makes 1.x's input of 0.7's, whose names are 1.x's already.
 */
export function through1x(name: string, shape = (input: Input, _context: RequestContext): Input => input): Resolver {
  const resolve = operationResolvers.Mutation?.[name];
  if (resolve === undefined) throw new Error(`there is no mutation ${name}`);
  return (source, { input }, context, info) => {
    const renamed = inSnakeCase(input, inputType(info)) as Input;
    return resolve(source, { input: shape(renamed, context) }, context, info);
  };
}

const inputType = ({ parentType, fieldName }: GraphQLResolveInfo): GraphQLType | undefined =>
  parentType.getFields()[fieldName]?.args.find(({ name }: GraphQLArgument) => name === "input")?.type;

/** By the input's type: what is within a value of JSON (a parameter, a state) keeps its names. */
function inSnakeCase(value: unknown, type: GraphQLType | undefined): unknown {
  const inner = getNullableType(type);
  if (Array.isArray(value) && isListType(inner)) return value.map((each) => inSnakeCase(each, inner.ofType));
  if (!isInputObjectType(inner) || typeof value !== "object" || value === null) return value;
  const fields = inner.getFields();
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [snakeCase(name), inSnakeCase(each, fields[name]?.type)]),
  );
}
