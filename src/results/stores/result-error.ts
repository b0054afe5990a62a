import { FlowRunnerError } from "../../errors/index.ts";
import { NoAnswer } from "./attempts.ts";
import type { ObjectStore } from "./object-store.ts";

/** What a failed operation of a store is to the user: one sentence with the object, the reason and what to do. */
export function resultError(store: ObjectStore, key: string, operation: "read" | "write", error: unknown): Error {
  if (error instanceof FlowRunnerError || isAbort(error)) return error;
  const where = store.where(key);
  const options = { cause: error };
  if (error instanceof NoAnswer) return failed(operation, where, error.message, options);
  const { kind, reason } = store.explain(error);
  if (kind === "missing" && operation === "read") return new FlowRunnerError("RESULT_MISSING", { where }, options);
  // An object that is missing while it is written is the bucket that is not there.
  if (kind === "container" || kind === "missing")
    return new FlowRunnerError("RESULT_BUCKET_MISSING", store.container, options);
  if (kind === "denied") {
    return new FlowRunnerError("RESULT_DENIED", { where, operation, identity: store.identity, reason }, options);
  }
  return failed(operation, where, reason, options);
}

/** Cancellation is the caller's own doing, and no fault of the store. */
const isAbort = (error: unknown): error is Error => error instanceof Error && error.name === "AbortError";

function failed(operation: "read" | "write", where: string, reason: string, options: ErrorOptions): FlowRunnerError {
  const code = operation === "read" ? "RESULT_READ_FAILED" : "RESULT_WRITE_FAILED";
  return new FlowRunnerError(code, { where, reason }, options);
}
