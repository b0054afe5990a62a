import { FlowRunnerError } from "../../../errors/index.ts";
import type { ObjectStore } from "../object-store.ts";
import { NoAnswer } from "./attempts.ts";

/**
 * What a failed operation of a store is to the user: one sentence with the object, the reason and what to do. The
 * client's error itself stays behind: it holds the request, with signatures and access tokens in its headers and URL.
 */
export function resultError(store: ObjectStore, key: string, operation: "read" | "write", error: unknown): Error {
  if (error instanceof FlowRunnerError) return error;
  const where = store.where(key);
  if (error instanceof NoAnswer) return failed(operation, where, error.message);
  const { kind, reason } = store.explain(error);
  if (kind === "missing" && operation === "read") return new FlowRunnerError("RESULT_MISSING", { where });
  // An object that is missing while it is written is the bucket that is not there.
  if (kind === "container" || kind === "missing") return new FlowRunnerError("RESULT_BUCKET_MISSING", store.container);
  if (kind === "denied") {
    return new FlowRunnerError("RESULT_DENIED", { where, operation, identity: store.identity, reason });
  }
  return failed(operation, where, reason);
}

function failed(operation: "read" | "write", where: string, reason: string): FlowRunnerError {
  const code = operation === "read" ? "RESULT_READ_FAILED" : "RESULT_WRITE_FAILED";
  return new FlowRunnerError(code, { where, reason });
}
