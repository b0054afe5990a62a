import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from "graphql";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import type { RequestContext } from "../mutations/context.ts";
import { Refusal } from "../rules/refusal.ts";
import { type Answer, refused } from "./answer.ts";
import type { Documents } from "./documents.ts";
import type { Operation } from "./operation.ts";

/**
 * Executes one operation; its writes are one transaction, which is committed before there is an answer.
 *
 * A field that is refused becomes null with an entry in `errors`, and the fields after it are executed (HTTP 200);
 * what was written before it stays. A fault of the API's own (a full disk) undoes the whole request: HTTP 500, code
 * API_ERROR, on which clients of Prefect 1.x try again.
 */
export function executeOperation(
  documents: Documents,
  { query, variables, operationName, readOnly }: Operation,
  context: RequestContext,
): Answer {
  const checked = documents.check(query);
  if ("invalid" in checked) {
    const errors = checked.invalid.map((error) => withCode(error, checked.code));
    return { status: 400, body: { errors } };
  }
  const { document } = checked;
  const writes = getOperationAST(document, operationName)?.operation === "mutation";
  if (writes && readOnly) {
    const no = refused(405, "METHOD_NOT_ALLOWED", "GET supports only query operation");
    return { ...no, headers: { allow: "POST" } };
  }
  const run = (): ExecutionResult => runNow(documents.schema, document, variables, operationName, context);
  try {
    const result = writes ? context.database.transaction(run) : run();
    return answerOf(result);
  } catch (error) {
    return refused(
      500,
      "API_ERROR",
      `Unable to complete operation. An internal API error occurred: ${messageOf(error)}`,
    );
  }
}

function runNow(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>> | null,
  operationName: string | null,
  contextValue: RequestContext,
): ExecutionResult {
  const result = execute({ schema, document, contextValue, variableValues, operationName });
  if (result instanceof Promise) throw new Error("a resolver was asynchronous");
  const fault = result.errors?.find(({ originalError }) => originalError && !isRefusal(originalError));
  // What is no refusal is thrown, so that the transaction around this is rolled back.
  if (fault !== undefined) throw fault.originalError;
  return result;
}

/** Apollo 2: when nothing was executed (a variable has the wrong type), the status is 400 and there is no data. */
function answerOf({ data, errors }: ExecutionResult): Answer {
  if (errors === undefined) return { status: 200, body: { data } };
  if (data === undefined)
    return { status: 400, body: { errors: errors.map((error) => withCode(error, "BAD_USER_INPUT")) } };
  return { status: 200, body: { errors: errors.map((error) => withCode(error, codeOf(error))), data } };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Refusal || error instanceof FlowRunnerError || error instanceof GraphQLError;

const codeOf = ({ originalError }: GraphQLError): string =>
  originalError instanceof Refusal ? originalError.code : "INTERNAL_SERVER_ERROR";

function withCode(error: GraphQLError, code: string): object {
  const { message, locations, path } = error.toJSON();
  return { message, locations, ...(path === undefined ? {} : { path }), extensions: { code } };
}
