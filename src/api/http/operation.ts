import { type FieldNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from "graphql";
import { z } from "zod";
import { messageOf } from "../../errors/message-of.ts";
import { type Answer, refused } from "./answer.ts";

/** One GraphQL operation, as a client sends it. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly operationName: string | null;
  /** It came by GET: a link that somebody follows must not change anything. */
  readonly readOnly: boolean;
}

const variables = z.record(z.string(), z.unknown()).nullable();
const envelope = z.looseObject({
  query: z.string().min(1),
  variables: z.unknown().optional(),
  operationName: z.string().nullish(),
});

/**
 * Reads the body of a POST: one operation, or a list of them (which Apollo 2 answers with a list).
 *
 * Prefect 1.x: `variables` is a string that holds JSON, or `"null"`; an object is as good.
 */
export function readOperations(body: string): readonly Operation[] | Operation | Answer {
  let sent: unknown;
  try {
    sent = JSON.parse(body);
  } catch (error) {
    return refused(400, "BAD_REQUEST", `The body is not JSON: ${messageOf(error)}`);
  }
  if (!Array.isArray(sent)) return readOperation(sent, false);
  const operations = sent.map((each) => readOperation(each, false));
  return operations.find((each) => "status" in each) ?? operations.filter((each) => "query" in each);
}

/** Reads one operation, of a body or of a URL's parameters. */
export function readOperation(sent: unknown, readOnly: boolean): Operation | Answer {
  const parsed = envelope.safeParse(sent);
  if (!parsed.success) return refused(400, "BAD_REQUEST", "Must provide query string.");
  const { query, operationName } = parsed.data;
  let values = parsed.data.variables ?? null;
  if (typeof values === "string") {
    try {
      values = values === "" ? null : JSON.parse(values);
    } catch {
      return refused(400, "BAD_REQUEST", "Variables are invalid JSON.");
    }
  }
  const checked = variables.safeParse(values);
  if (!checked.success) return refused(400, "BAD_REQUEST", "Variables must be provided as an object.");
  return { query, variables: checked.data, operationName: operationName ?? null, readOnly };
}

/** What is meant among the operations of a document; null: it is not there, or the document cannot be read. */
export function operationNode({ query, operationName }: Operation): OperationDefinitionNode | null {
  try {
    const operations = parse(query).definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    return operations.find(({ name }) => operationName === null || name?.value === operationName) ?? null;
  } catch {
    return null;
  }
}

/** The fields that stand in a selection themselves; those of fragments are not looked up. */
export const fieldNodes = (selectionSet: SelectionSetNode | undefined): FieldNode[] =>
  (selectionSet?.selections ?? []).filter((each) => each.kind === Kind.FIELD);
