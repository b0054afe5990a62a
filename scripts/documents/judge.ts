import {
  type FieldNode,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import type { SentDocument } from "./sent-documents.ts";

/** What a schema says of a document; null: it has none of its operations. */
export interface Judgement {
  readonly operations: readonly string[];
  readonly problems: readonly string[] | null;
}

/** Judges a document, and its variables, by a schema that may have only some of an API's operations. */
export function judge(schema: GraphQLSchema, { query, variables }: SentDocument): Judgement {
  const document = parse(query);
  const operation = operationOf(query);
  const root = schema.getRootType(operation.operation)?.getFields() ?? {};
  const operations = rootFields(operation).map(({ name }) => name.value);
  if (!operations.some((name) => Object.hasOwn(root, name))) return { operations, problems: null };
  const problems = validate(schema, document, specifiedRules).map(({ message }) => message);
  if (problems.length > 0) return { operations, problems };
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return { operations, problems: (errors ?? []).map(({ message }) => message) };
}

export function operationOf(query: string): OperationDefinitionNode {
  const [definition] = parse(query).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error("it is no operation");
  return definition;
}

export const rootFields = (operation: OperationDefinitionNode): readonly FieldNode[] =>
  operation.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD);
