import { row } from "../define.ts";

export interface At {
  /** The object, as a user would name it: `s3://bucket/key`, a file's path. */
  readonly where: string;
}

/** Errors of persisting and reading results (`src/results/`). */
export const resultsErrors = {
  RESULT_OPTION_INVALID: row<{ handler: string; problem: string }>(
    "usage",
    ({ handler, problem }) => `${handler} has a wrong option: ${problem}.`,
  ),
  RESULT_NO_HANDLER: row<{ task: string; input: string | null; trigger: string }>(
    "flow",
    ({ task, input, trigger }) =>
      `Result has no ResultHandler: ${
        input === null ? `the result of task "${task}"` : `input "${input}" of task "${task}"`
      } has to be persisted, because ${trigger}. Give ${
        input === null ? "the task" : `the task that makes "${input}"`
      } a result handler (\`resultHandler: new LocalResultHandler()\` in its options), or give one to the whole flow.`,
  ),
  RESULT_NOT_JSON: row<{ path: string; what: string }>(
    "flow",
    ({ path, what }) =>
      `The value cannot be kept as JSON: ${path} is ${what}. Return plain JSON, or use a handler that keeps such values (LocalResultHandler, S3ResultHandler, GCSResultHandler, AzureResultHandler).`,
  ),
  RESULT_NOT_CLONEABLE: row<{ path: string; what: string }>(
    "flow",
    ({ path, what }) =>
      `The value cannot be persisted: ${path} is ${what}. Return plain data (objects, arrays, Map, Set, Date, Buffer, …), or give the handler a serializer that knows it.`,
  ),
  RESULT_FILE_UNREADABLE: row<{ path: string; problem: string }>(
    "flow",
    ({ path, problem }) => `The result is the file ${path}, which cannot be read: ${problem}.`,
  ),
  RESULT_TOO_LARGE: row<{ bytes: number; limit: number }>(
    "flow",
    ({ bytes, limit }) =>
      `The value is ${bytes} bytes as JSON, more than the ${limit} bytes that may travel inside a state. Give the task a handler that keeps values elsewhere (LocalResultHandler, S3ResultHandler, …), or set \`overflow: "flow"\` on its JSONResultHandler so that the flow's handler takes large values.`,
  ),
  RESULT_CONSTANT_DIFFERS: row(
    "flow",
    () =>
      "ConstantResultHandler was given another value than its constant: it can bring back only that one. Use another handler for this task.",
  ),
  RESULT_WRITE_FAILED: row<At & { reason: string }>(
    "failed",
    ({ where, reason }) => `The result could not be written to ${where}: ${reason}`,
  ),
  RESULT_READ_FAILED: row<At & { reason: string }>(
    "failed",
    ({ where, reason }) => `The result could not be read from ${where}: ${reason}`,
  ),
  RESULT_MISSING: row<At>(
    "failed",
    ({ where }) =>
      `The result at ${where} is not there: it was deleted, or never written. Run the task that makes it again (\`onMissingResult: "rerun"\` does so by itself).`,
  ),
  RESULT_DAMAGED: row<At & { problem: string }>(
    "failed",
    ({ where, problem }) =>
      `The result at ${where} is damaged: ${problem}. It is not used; delete the object and run the task that makes it again.`,
  ),
  RESULT_BUCKET_MISSING: row<{ kind: string; name: string; option: string }>(
    "usage",
    ({ kind, name, option }) =>
      `The ${kind} "${name}" does not exist. Create it, or correct \`${option}\` of the result handler.`,
  ),
  RESULT_DENIED: row<At & { operation: string; identity: string; reason: string }>(
    "usage",
    ({ where, operation, identity, reason }) =>
      `No permission to ${operation} ${where} with ${identity}: ${reason}. Correct the credentials, or give them this permission.`,
  ),
  RESULT_CREDENTIALS_INVALID: row<{ secret: string; problem: string; shape: string }>(
    "usage",
    ({ secret, problem, shape }) =>
      `The secret "${secret}" cannot be used as credentials: ${problem}. Its value has to be ${shape}.`,
  ),
  RESULT_SERIALIZER_UNKNOWN: row<At & { serializer: string }>(
    "flow",
    ({ where, serializer }) =>
      `The result at ${where} was written with the serializer "${serializer}", which this handler does not have. Give the handler that serializer (\`serializer\` option).`,
  ),
  RESULT_SERIALIZER_FAILED: row<{ serializer: string; action: string; reason: string }>(
    "flow",
    ({ serializer, action, reason }) => `The serializer "${serializer}" failed to ${action} a value: ${reason}`,
  ),
  RESULT_LOCATION_INVALID: row<{ template: string; problem: string }>(
    "flow",
    ({ template, problem }) => `The result location "${template}" cannot be used: ${problem}.`,
  ),
  RESULT_LOCATION_NAME: row<{ template: string; name: string; known: readonly string[] }>(
    "flow",
    ({ template, name, known }) =>
      `The result location "${template}" uses {${name}}, which is not known here. Known: ${known.join(", ")}.`,
  ),
  RESULT_CUSTOM_INVALID: row<{ handler: string; problem: string }>(
    "flow",
    ({ handler, problem }) => `The custom result handler ${handler} ${problem}.`,
  ),
};
